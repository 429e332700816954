"""A mail server gets every message whole, over an encrypted line, and says what it did not take."""

from __future__ import annotations

import base64
import socket
import ssl
import traceback
from datetime import date
from email import message_from_bytes, policy

import attrs
import pytest

from fanbilling.adapters.mail.folder import FolderMailer
from fanbilling.adapters.mail.smtp import Security, SmtpMailer
from fanbilling.domain.errors import AdapterFailure, InvalidSetting
from fanbilling.domain.messages import Attachment
from fanbilling.testing.contracts import MailerContract
from fanbilling.testing.contracts.mailing import LETTER, read
from tests.adapters.mail.servers import PASSWORD, USER, Box, server, trusting

ON = date(2026, 3, 2)


def mailer(port, **options):
    given = {"user": USER, "password": PASSWORD, "context": trusting(), **options}
    return SmtpMailer(host="127.0.0.1", port=port, on=ON, **given)


def nobody_there():
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def port(box):
    with server(box) as port:
        yield port


def failure(mailer, letter=LETTER, key="m1"):
    with mailer, pytest.raises(AdapterFailure) as caught:
        mailer.send(letter, key=key)
    return caught.value


class TestSmtp(MailerContract):
    @pytest.fixture
    def mailer(self, port):
        with mailer(port) as made:
            yield made

    @pytest.fixture
    def arrived(self, box):
        return lambda: [read(content) for content in box.taken]

    @pytest.fixture
    def cut_off(self, port):
        return mailer(nobody_there())


class TestEncryptedFromTheFirstByte(TestSmtp):
    @pytest.fixture
    def port(self, box):
        with server(box, encrypted="tls") as port:
            yield port

    @pytest.fixture
    def mailer(self, port):
        with mailer(port, security=Security.TLS) as made:
            yield made


# ------------------------------------------------------------------------------------------------------------ encrypted


def test_a_login_goes_over_an_encrypted_line(box, port):
    with mailer(port) as made:
        made.send(LETTER, key="m1")
    assert box.logins == [True]


def test_a_server_that_does_not_encrypt_gets_neither_a_login_nor_a_message(box):
    with server(box, encrypted="", login=False) as port:
        refused = failure(mailer(port))
    assert "STARTTLS" in refused.problem
    assert not refused.retryable
    assert (box.logins, box.taken) == ([], [])


def test_a_certificate_of_nobody_whom_we_trust_is_refused(box, port):
    refused = failure(mailer(port, context=ssl.create_default_context()))
    assert not refused.retryable
    assert (box.logins, box.taken) == ([], [])


@pytest.mark.parametrize("encrypted", ["starttls", "tls"])
def test_a_certificate_of_another_host_is_refused(box, encrypted):
    with server(box, encrypted=encrypted, names=("mail.elsewhere.example",)) as port:
        refused = failure(mailer(port, security=encrypted))
    assert "127.0.0.1" in refused.problem
    assert not refused.retryable
    assert (box.logins, box.taken) == ([], [])


def test_on_the_same_machine_it_may_go_without(box):
    with server(box, encrypted="", login=False) as port, mailer(port, user="", password="", security="none") as made:
        made.send(LETTER, key="m1")
    assert len(box.taken) == 1


@pytest.mark.parametrize(
    "change", [{"security": "none"}, {"password": ""}, {"user": ""}, {"host": " "}], ids=lambda change: str([*change])
)
def test_settings_that_would_give_a_password_away_or_cannot_work_are_refused(change):
    given = {"host": "localhost", "on": ON, "user": USER, "password": PASSWORD, **change}
    with pytest.raises(InvalidSetting) as caught:
        SmtpMailer(**given)
    assert PASSWORD not in str(caught.value)


def test_a_word_that_is_no_way_to_encrypt_is_refused():
    with pytest.raises(ValueError, match="ssl"):
        SmtpMailer(host="localhost", on=ON, security="ssl")


# --------------------------------------------------------------------------------------------------------------- errors


def test_a_wrong_password_is_told_and_stands_nowhere(port):
    """This server repeats what it was given; what is told does not."""
    refused = failure(mailer(port, password="geheim-van-ons"))
    assert "535" in refused.problem
    assert not refused.retryable
    assert "no: ***" in refused.problem
    printed = "".join(traceback.format_exception(refused))
    for text in (str(refused), repr(refused), refused.problem, refused.remedy, printed):
        assert "geheim-van-ons" not in text
        assert base64.b64encode(b"geheim-van-ons").decode() not in text


def test_without_a_login_a_server_that_wants_one_takes_nothing(box, port):
    refused = failure(mailer(port, user="", password=""))
    assert refused.problem.startswith("530")
    assert not refused.retryable
    assert box.taken == []


def test_what_a_server_refuses_for_now_is_worth_another_try_and_arrives_then(box, port):
    box.moods = ["451 4.3.0 come back later"]
    with mailer(port) as made:
        with pytest.raises(AdapterFailure, match=r"451 4\.3\.0 come back later") as caught:
            made.send(LETTER, key="m1")
        assert caught.value.retryable
        made.send(LETTER, key="m1")
    assert len(box.taken) == 1


def test_what_a_server_refuses_for_good_is_not(box, port):
    box.moods = ["552 5.3.4 too large"]
    refused = failure(mailer(port))
    assert refused.problem == "552 5.3.4 too large"
    assert not refused.retryable


def test_a_refused_recipient_is_told_and_the_next_one_gets_theirs(box, port):
    box.refuses = "administratie@lindelaar.example"
    with mailer(port) as made:
        with pytest.raises(
            AdapterFailure, match=r"550 5\.1\.1 <administratie@lindelaar\.example> is unknown"
        ) as caught:
            made.send(LETTER, key="m1")
        assert not caught.value.retryable
        made.send(attrs.evolve(LETTER, recipient="b@b.example"), key="m2")
    assert [read(content).recipient for content in box.taken] == ["b@b.example"]
    assert box.greetings == 2  # one connection, before and after it was encrypted


def test_a_line_that_breaks_after_the_message_was_taken_says_so_and_the_id_stays(box, port):
    """Nobody knows whether it arrived: it goes again, and the recipient's program sees one message."""
    box.moods = ["drop"]
    with mailer(port) as made:
        with pytest.raises(AdapterFailure, match="whether it arrived is not known") as caught:
            made.send(LETTER, key="m1")
        assert caught.value.retryable
        assert made.send(LETTER, key="m1").message == "m1"
    assert len(box.taken) == 2
    assert len({read(content).id for content in box.taken}) == 1


def test_a_server_that_is_not_there_says_that_nothing_was_sent():
    refused = failure(mailer(nobody_there()))
    assert "it was not sent" in refused.problem
    assert refused.retryable
    assert isinstance(refused.__cause__, OSError)


# ----------------------------------------------------------------------------------------------------------- connection


def test_one_connection_serves_a_run(box, port):
    with mailer(port) as made:
        for n in range(5):
            made.send(LETTER, key=f"m{n}")
    assert len(box.taken) == 5
    assert len(box.logins) == 1


def test_a_connection_that_the_server_closed_is_made_anew(box, port):
    with mailer(port) as made:
        made.send(LETTER, key="m1")
        made._connection.sock.shutdown(socket.SHUT_RDWR)
        made.send(LETTER, key="m2")
    assert [len(box.taken), len(box.logins)] == [2, 2]


def test_whoever_closes_twice_or_never_opened_closes_nothing(box, port):
    made = mailer(port)
    made.close()
    made.send(LETTER, key="m1")
    made.close()
    made.close()
    assert [len(box.taken), len(box.logins)] == [1, 1]


def test_a_goodbye_that_fails_spoils_nothing(port):
    with mailer(port) as made:
        made.send(LETTER, key="m1")
        made._connection.sock.shutdown(socket.SHUT_RDWR)
    assert made._connection is None


# -------------------------------------------------------------------------------------------------------------- message


def test_what_is_sent_is_what_lies_in_a_folder(box, port, tmp_path):
    with mailer(port) as made:
        there = made.send(LETTER, key="m1")
    here = FolderMailer(tmp_path, ON).send(LETTER, key="m1")
    assert there == here
    assert read(box.taken[0]) == read((tmp_path / "m1.eml").read_bytes())


def test_only_seven_bits_go_over_the_line(box, port):
    with mailer(port) as made:
        made.send(attrs.evolve(LETTER, text="één regel\n"), key="m1")
    assert box.taken[0].isascii()


def test_what_cannot_be_delivered_comes_back_where_it_should(box, port):
    with mailer(port) as made:
        made.send(LETTER, key="m1")
    with mailer(port, bounces="bounces@brinkhoff.example") as made:
        made.send(LETTER, key="m2")
    assert box.senders == ["facturen@brinkhoff.example", "bounces@brinkhoff.example"]


def test_a_message_that_goes_on_from_another_says_which(box, port):
    with mailer(port) as made:
        first = made.send(LETTER, key="m1")
        made.send(attrs.evolve(LETTER, follows="m1"), key="m2")
    second = message_from_bytes(box.taken[1], policy=policy.default)
    assert second["In-Reply-To"] == second["References"] == first.reference
    assert second["Message-ID"] != first.reference


def test_the_method_of_an_invitation_arrives(box, port):
    invitation = Attachment(
        name="invite.ics", media_type="text/calendar; method=REQUEST; charset=utf-8", content="é\r\n".encode()
    )
    with mailer(port) as made:
        made.send(attrs.evolve(LETTER, attachments=(invitation,)), key="m1")
    [part] = message_from_bytes(box.taken[0], policy=policy.default).iter_attachments()
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "REQUEST")
    assert part.get_payload(decode=True) == "é\r\n".encode()


def test_a_type_that_would_bring_a_header_along_is_refused(port, box):
    forged = Attachment(name="a.ics", media_type="text/calendar; method=X\r\nBcc: x@evil.example", content=b"")
    assert not failure(mailer(port), attrs.evolve(LETTER, attachments=(forged,))).retryable
    assert box.taken == []


def test_the_password_is_not_in_what_is_shown():
    made = SmtpMailer(host="mail.example.nl", on=ON, user=USER, password=PASSWORD)
    assert PASSWORD not in repr(made)
    assert PASSWORD not in str(made)
    assert made.security is Security.STARTTLS
