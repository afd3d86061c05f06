"""Runs rocrate-validator with the JSON-LD context of RO-Crate 1.1 from a file, so that it needs no network.

Usage: ro_crate.py CONTEXT ARGUMENT..., where the arguments are those of rocrate-validator.
"""

import sys
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter
from rocrate_validator.cli import cli

ADDRESS = "https://w3id.org/ro/crate/1.1/context"


def answer(context):
    def send(_adapter, request, **_options):
        if request.url != ADDRESS:
            raise requests.ConnectionError(f"{request.url} is not asked for without a network")
        response = requests.Response()
        response.status_code = 200
        response.url = request.url
        response.request = request
        response.headers["Content-Type"] = "application/ld+json"
        response._content = context
        return response

    return send


def main():
    HTTPAdapter.send = answer(Path(sys.argv[1]).read_bytes())
    sys.argv = ["rocrate-validator", *sys.argv[2:]]
    cli()


if __name__ == "__main__":
    main()
