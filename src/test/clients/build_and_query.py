"""Builds the tables of the sample, queries one and reads the manifest: build_and_query.py URL KEY."""

import sys

from ingot_client import (
    ApiClient,
    ApiException,
    Configuration,
    ManifestApi,
    MaterializationRequest,
    MaterializationsApi,
    PackagesApi,
    ProblemDocument,
    QueriesApi,
    QueryRequest,
)

PROJECT, PACKAGE = "demo", "flights"
url, key = sys.argv[1:]

with ApiClient(Configuration(host=url, access_token=key)) as client:
    # Wait for the end with the request itself, up to 30 seconds each time.
    builds = MaterializationsApi(client)
    build = builds.create_materialization(
        PROJECT,
        PACKAGE,
        prefer="wait=30",
        materialization_request=MaterializationRequest(start=True, force_refresh=True),
    )
    while build.status == "RUNNING":
        build = builds.get_materialization(PROJECT, PACKAGE, build.id, prefer="wait=30")
    print(f"{build.status}: {build.metadata.sources_built} built")

    query = QueryRequest(query_name="busiest_hours", compact_json=True)
    answer = QueriesApi(client).query_model(PROJECT, PACKAGE, "rush_hours.malloy", query)
    print(f"read: {answer.materialized[0].table_name}")

    manifest = ManifestApi(client).get_manifest(PROJECT, PACKAGE)
    print(f"manifest: {len(manifest.entries)} tables")

    try:
        PackagesApi(client).get_package(PROJECT, "nothing")
    except ApiException as error:
        print(f"{error.status}: {ProblemDocument.from_json(error.body).code}")
