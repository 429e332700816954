"""Orders: what a client buys, from quotation to delivery, and the stock that it comes from."""
