"""The rules of a store, one module per part of it; :class:`..storage.StoreContract` holds them all."""
