import pytest

from tests.figures.jobindsats.playback import KEY, playing
from tilsyn.figures.jobindsats.connection import Connection, Patience
from tilsyn.figures.jobindsats.token import Token

QUICK = Patience(timeout=0.5, attempts=3, wait=0.01, longest_wait=0.05, most_bytes=8 * 2**20)


@pytest.fixture
def playback():
    with playing() as server:
        yield server


@pytest.fixture
def connection(playback):
    with Connection(Token(KEY), playback.url, QUICK) as open_connection:
        yield open_connection
