#!/bin/sh
# Runs once, when PostgreSQL's volume is empty: the catalog's database, and a role that owns it and nothing else.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$CATALOG_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
CREATE ROLE ingot LOGIN PASSWORD :'password';
CREATE DATABASE ingot OWNER ingot;
SQL
