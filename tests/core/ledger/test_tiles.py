import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import MalformedError
from service.core.ledger.tiles import (
    LAST_INDEX,
    WIDTH,
    Tile,
    read_entries,
    read_hashes,
    read_tile_path,
    tile_path,
    tiles_of,
    width_at,
    write_entries,
    write_hashes,
)

tiles = st.builds(Tile, st.none() | st.integers(0, 63), st.integers(0, LAST_INDEX), st.integers(1, WIDTH))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(63, 5, 255), "tile/63/005.p/255"),
        (Tile(0, LAST_INDEX), "tile/0/x036/x028/x797/x018/x963/967"),
        (Tile(None, 1234067, 1), "tile/entries/x001/x234/067.p/1"),
    ],
)
def test_the_paths_of_the_specification(tile: Tile, path: str) -> None:
    assert tile_path(tile) == path
    assert read_tile_path(path) == tile


@given(tiles)
def test_a_path_is_read_back_as_it_was_written(tile: Tile) -> None:
    assert read_tile_path(tile_path(tile)) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/x001/x002",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/data/000",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000\n",
        "tile/0/٠٠٠",
        "tile/0/../../000",
        "tile/0/x036/x028/x797/x018/x963/968",
        "tile/0/x001/x000/x000/x000/x000/x000/000",
    ],
)
def test_a_path_that_no_log_has_is_refused(path: str) -> None:
    with pytest.raises(MalformedError):
        read_tile_path(path)


def test_the_tiles_of_the_specifications_example() -> None:
    tiles = list(tiles_of(70_000))
    assert sum(tile.level == 0 and tile.width == WIDTH for tile in tiles) == 273
    assert [tile for tile in tiles if tile.width != WIDTH] == [
        Tile(None, 273, 112),
        Tile(0, 273, 112),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert Tile(1, 0) in tiles


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, []),
        (1, [Tile(None, 0, 1), Tile(0, 0, 1)]),
        (255, [Tile(None, 0, 255), Tile(0, 0, 255)]),
        (256, [Tile(None, 0), Tile(0, 0), Tile(1, 0, 1)]),
    ],
)
def test_an_empty_tile_is_not_listed(size: int, expected: list[Tile]) -> None:
    assert list(tiles_of(size)) == expected


@given(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2**26))
def test_a_width_is_what_is_left_of_the_level(level: int, index: int, size: int) -> None:
    nodes = size // 256**level
    assert width_at(level, index, size) == min(max(nodes - 256 * index, 0), 256)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=WIDTH))
def test_hashes_are_read_back_as_they_were_written(hashes: list[bytes]) -> None:
    assert read_hashes(write_hashes(hashes), len(hashes)) == tuple(hashes)


@given(st.lists(st.binary(max_size=70), min_size=1, max_size=WIDTH))
def test_entries_are_read_back_as_they_were_written(entries: list[bytes]) -> None:
    assert read_entries(write_entries(entries), len(entries)) == tuple(entries)


def test_an_entry_may_have_no_byte_or_the_most() -> None:
    entries = (b"", bytes(65_535))
    assert read_entries(write_entries(entries), 2) == entries


@pytest.mark.parametrize("hashes", [[], [b""], [bytes(31)], [bytes(33), bytes(31)], [bytes(32)] * 257])
def test_a_tile_that_would_be_read_otherwise_is_not_written(hashes: list[bytes]) -> None:
    with pytest.raises(MalformedError):
        write_hashes(hashes)


@pytest.mark.parametrize("entries", [[], [bytes(65_536)], [b""] * 257])
def test_a_bundle_that_would_be_read_otherwise_is_not_written(entries: list[bytes]) -> None:
    with pytest.raises(MalformedError):
        write_entries(entries)


@pytest.mark.parametrize(
    ("data", "width"),
    [
        (b"", 0),
        (b"", 1),
        (b"\x00", 1),
        (b"\x00\x01", 1),
        (b"\x00\x02a", 1),
        (b"\x00\x01a", 2),
        (b"\x00\x01a\x00\x01b", 1),
        (b"\x00\x01a\x00", 1),
        (b"\x00\x00" * 257, 257),
    ],
)
def test_a_bundle_with_more_or_less_than_it_says_is_refused(data: bytes, width: int) -> None:
    with pytest.raises(MalformedError):
        read_entries(data, width)


@pytest.mark.parametrize(("length", "width"), [(0, 0), (0, 1), (31, 1), (33, 1), (64, 1), (32, 2), (257 * 32, 257)])
def test_a_tile_of_another_length_is_refused(length: int, width: int) -> None:
    with pytest.raises(MalformedError):
        read_hashes(bytes(length), width)
