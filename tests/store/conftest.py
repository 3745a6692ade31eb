"""A server that speaks S3, for the tests of kept bytes."""

import pytest


@pytest.fixture(scope="session")
def bucket():
    """Return the URL of a bucket of moto's server; the environment tells where it is."""
    import fsspec
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    told = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as environment:
        for name, value in told.items():
            environment.setenv(name, value)
        fsspec.filesystem("s3", use_listings_cache=False).mkdir("photographs")
        yield "s3://photographs"
    server.stop()
