#!/usr/bin/env bash
# The partner API with curl and md5sum, compressed and not. `.ci/clients` runs it.
set -euo pipefail

value() { python3 -c 'import json,os,sys; print(json.load(open(os.environ["DEMO"]))["partner"][sys.argv[1]])' "$1"; }
url=$(value url) client=$(value client) key=$(value systemaccesskey) feed=$(value feed)

ask() {
  local now signature
  now=$(date -u +%Y%m%d%H%M%S)
  signature=$(printf '%s' "$client $key x-ml-timestamp:$now" | md5sum | cut -d' ' -f1)
  curl --silent --show-error --fail -H "ml-auth: client=$client&systemaccesskey=$key&signature=$signature" \
    -H "x-ml-timestamp: $now" "$@"
}

page="$url/SyncListings?FeedIdList=$feed&FromUpdatedDate=2000-01-01&PageSize=200"
plain=$(ask "$page" | sha256sum)
packed=$(ask --compressed "$page" | sha256sum)
unpacked=$(ask -H 'Accept-Encoding: gzip' "$page" | gunzip | sha256sum)
[ "$plain" = "$packed" ] && [ "$plain" = "$unpacked" ]
ask -X POST -H 'Content-Type: application/json' "$url/GetListings" -d "{\"FeedIdList\": [\"$feed\"], \"PageSize\": 1}" | grep -q '"ListingId"'
echo "curl: the same page packed and plain"
