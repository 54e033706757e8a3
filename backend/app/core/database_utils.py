"""`DatabaseUtils`: the specification's database helpers under one name.

Each is documented where it lives: `full_text`, `suggestions`, `pagination`, `bulk`, `bulk_export`
and `user_statistics`.
"""

from app.core import bulk, bulk_export, pagination, user_statistics
from app.search import full_text, suggestions


class DatabaseUtils:
    """Search, pages, bulk transfer and a learner's figures."""

    search_full_text = staticmethod(full_text.search_full_text)
    find_matches = staticmethod(full_text.find_matches)
    count_matches = staticmethod(full_text.count_matches)
    suggest = staticmethod(suggestions.suggest)
    get_paginated = staticmethod(pagination.get_paginated)
    get_keyset_page = staticmethod(pagination.get_keyset_page)
    bulk_insert = staticmethod(bulk.bulk_insert)
    bulk_upsert = staticmethod(bulk.bulk_upsert)
    bulk_export = staticmethod(bulk_export.bulk_export)
    get_user_statistics = staticmethod(user_statistics.get_user_statistics)
