#!/bin/sh
# At the first start of the database: the roles and their rights, as everywhere else.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -v database=votekin \
    -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" -f /roles.sql
