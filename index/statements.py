"""All SQL of the catalogue.

Standard SQL: no function, upsert or type of one engine, so that another engine can stand behind
:class:`index.database.Database`. Numbers are given out by the catalogue, not by the engine.

Vectors are little-endian float32; spans are JSON ``[[start, end], …]`` into ``articles.text``;
times are nanoseconds since 1970; a digest or an id is hexadecimal.
"""

from __future__ import annotations

SCHEMA_VERSION = "1"

SCHEMA = (
    """
    CREATE TABLE IF NOT EXISTS meta (
        name   VARCHAR(40) NOT NULL PRIMARY KEY,
        value  TEXT        NOT NULL
    )""",
    # What beside the corpus itself is indexed: absolute paths.
    """
    CREATE TABLE IF NOT EXISTS sources (
        path  VARCHAR(4096) NOT NULL PRIMARY KEY
    )""",
    """
    CREATE TABLE IF NOT EXISTS files (
        path      VARCHAR(4096) NOT NULL PRIMARY KEY,
        size      BIGINT        NOT NULL,
        mtime_ns  BIGINT        NOT NULL,
        ctime_ns  BIGINT        NOT NULL,
        inode     BIGINT        NOT NULL,
        seen_ns   BIGINT        NOT NULL,
        digest    CHAR(64)      NOT NULL,
        reader    INTEGER       NOT NULL,
        problem   TEXT          NOT NULL
    )""",
    # `metadata` and `settings` are those the passages were made with.
    """
    CREATE TABLE IF NOT EXISTS articles (
        id           CHAR(32) NOT NULL PRIMARY KEY,
        text         TEXT     NOT NULL,
        metadata     TEXT     NOT NULL,
        boilerplate  TEXT     NOT NULL,
        settings     CHAR(32) NOT NULL
    )""",
    # Where an article was found; `file` is empty for one that was added without a file.
    """
    CREATE TABLE IF NOT EXISTS locations (
        path        VARCHAR(4096) NOT NULL PRIMARY KEY,
        file        VARCHAR(4096) NOT NULL,
        article_id  CHAR(32)      NOT NULL,
        metadata    TEXT          NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS locations_by_file ON locations (file)",
    "CREATE INDEX IF NOT EXISTS locations_by_article ON locations (article_id)",
    """
    CREATE TABLE IF NOT EXISTS passages (
        id          INTEGER  NOT NULL PRIMARY KEY,
        article_id  CHAR(32) NOT NULL,
        heading     TEXT     NOT NULL,
        sentences   TEXT     NOT NULL,
        embedding   CHAR(32) NOT NULL,
        generation  BIGINT   NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS passages_by_article ON passages (article_id)",
    "CREATE INDEX IF NOT EXISTS passages_by_embedding ON passages (embedding)",
    "CREATE INDEX IF NOT EXISTS passages_by_generation ON passages (generation)",
    """
    CREATE TABLE IF NOT EXISTS embeddings (
        id        CHAR(32) NOT NULL PRIMARY KEY,
        vector    BLOB     NOT NULL,
        checksum  BIGINT   NOT NULL
    )""",
    # Passages that are gone, until the derived indexes know.
    """
    CREATE TABLE IF NOT EXISTS removed (
        id          INTEGER NOT NULL PRIMARY KEY,
        generation  BIGINT  NOT NULL
    )""",
)

META = "SELECT value FROM meta WHERE name = ?"
META_DELETE = "DELETE FROM meta WHERE name = ?"
META_INSERT = "INSERT INTO meta (name, value) VALUES (?, ?)"

SOURCES = "SELECT path FROM sources ORDER BY path"
SOURCE_INSERT = "INSERT INTO sources (path) VALUES (?)"
SOURCE_DELETE = "DELETE FROM sources WHERE path = ?"

FILES = """
    SELECT path, size, mtime_ns, ctime_ns, inode, seen_ns, digest, reader, problem FROM files"""
FILE_DELETE = "DELETE FROM files WHERE path = ?"
FILE_INSERT = """
    INSERT INTO files
        (path, size, mtime_ns, ctime_ns, inode, seen_ns, digest, reader, problem)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""

ARTICLE = "SELECT text, metadata FROM articles WHERE id = ?"
ARTICLE_EXISTS = "SELECT 1 FROM articles WHERE id = ?"
ARTICLE_BOILERPLATE = "SELECT boilerplate FROM articles WHERE id = ?"
ARTICLE_INSERT = """
    INSERT INTO articles (id, text, metadata, boilerplate, settings) VALUES (?, ?, ?, ?, ?)"""
ARTICLE_UPDATE = """
    UPDATE articles SET metadata = ?, boilerplate = ?, settings = ? WHERE id = ?"""
ARTICLE_DELETE = "DELETE FROM articles WHERE id = ?"
ARTICLE_IDS = "SELECT id FROM articles ORDER BY id"
ARTICLES_LOCATED = "SELECT article_id, MIN(path) FROM locations GROUP BY article_id ORDER BY 2, 1"
ARTICLES_METADATA = """
    SELECT articles.id, articles.metadata, path FROM locations
    JOIN articles ON articles.id = locations.article_id ORDER BY path"""
ARTICLES_LOST = """
    SELECT id FROM articles
    WHERE NOT EXISTS (SELECT 1 FROM locations WHERE locations.article_id = articles.id)
    ORDER BY id"""
ARTICLES_TO_CUT = """
    SELECT DISTINCT articles.id FROM articles
    JOIN locations ON locations.article_id = articles.id
    WHERE articles.settings <> ? OR articles.metadata <> locations.metadata
    ORDER BY articles.id"""
ARTICLE_MADE_WITH = "SELECT metadata, settings FROM articles WHERE id = ?"

LOCATION = "SELECT file FROM locations WHERE path = ?"
LOCATIONS_OF_ARTICLE = "SELECT path, metadata FROM locations WHERE article_id = ?"
LOCATIONS_OF_FILE = "SELECT path, article_id, metadata FROM locations WHERE file = ?"
LOCATION_INSERT = """
    INSERT INTO locations (path, file, article_id, metadata) VALUES (?, ?, ?, ?)"""
LOCATION_DELETE = "DELETE FROM locations WHERE path = ?"
LOCATIONS_DELETE_OF_FILE = "DELETE FROM locations WHERE file = ?"

PASSAGE = "SELECT article_id, heading, sentences FROM passages WHERE id = ?"
PASSAGES_OF_ARTICLE = "SELECT id, heading, sentences FROM passages WHERE article_id = ? ORDER BY id"
PASSAGES_SINCE = """
    SELECT passages.id, article_id, heading, sentences, vector, checksum
    FROM passages JOIN embeddings ON embeddings.id = passages.embedding
    WHERE generation > ? AND passages.id > ?
    ORDER BY passages.id LIMIT ?"""
PASSAGE_OWNERS = "SELECT id, article_id FROM passages ORDER BY id"
VECTORS_AT_ONCE = 250
"""Ids that ``PASSAGE_VECTORS`` takes: a lookup by list needs so many places, all of them filled."""
_PLACES = ", ".join("?" * VECTORS_AT_ONCE)
PASSAGE_VECTORS = f"""
    SELECT passages.id, vector, checksum
    FROM passages JOIN embeddings ON embeddings.id = passages.embedding
    WHERE passages.id IN ({_PLACES})
    ORDER BY passages.id"""  # noqa: S608 (places, no values)
PASSAGE_EMBEDDINGS = "SELECT id, embedding FROM passages WHERE article_id = ?"
PASSAGE_COUNT = "SELECT COUNT(*) FROM passages"
PASSAGE_INSERT = """
    INSERT INTO passages (id, article_id, heading, sentences, embedding, generation)
    VALUES (?, ?, ?, ?, ?, ?)"""
PASSAGES_BURY = """
    INSERT INTO removed (id, generation) SELECT id, ? FROM passages WHERE article_id = ?"""
PASSAGES_DELETE = "DELETE FROM passages WHERE article_id = ?"
PASSAGES_UNEMBEDDED = """
    SELECT id FROM passages
    WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE embeddings.id = passages.embedding)"""

REMOVED_SINCE = "SELECT id FROM removed WHERE generation > ? ORDER BY id"
REMOVED_FORGET = "DELETE FROM removed WHERE generation <= ?"

EMBEDDING_EXISTS = "SELECT 1 FROM embeddings WHERE id = ?"
EMBEDDING_INSERT = """
    INSERT INTO embeddings (id, vector, checksum)
    SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE id = ?)"""
EMBEDDINGS_AFTER = """
    SELECT id, vector, checksum FROM embeddings WHERE id > ? ORDER BY id LIMIT ?"""
EMBEDDINGS_FORGET = """
    DELETE FROM embeddings
    WHERE NOT EXISTS (SELECT 1 FROM passages WHERE passages.embedding = embeddings.id)"""
