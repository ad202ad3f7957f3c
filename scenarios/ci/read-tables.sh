#!/bin/sh
# A reader: the versions of all tables, which must agree.
set -eu
sort -u "$1/users" "$1/orders" "$1/invoices"
