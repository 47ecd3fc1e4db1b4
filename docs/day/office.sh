# What the scripts of this folder have in common; they source it. Signs in, and asks the API at $url.
url=${1:-http://localhost:5080}
secret=../../.data/first-admin.txt
email=${ADMIN_EMAIL:-$(grep -o '[^ ]*@[^ ]*' "$secret" 2>/dev/null | head -1 || true)}
email=${email:-admin@chargecars.local}
password=${ADMIN_PASSWORD:-$(awk 'NF { last = $NF } END { print last }' "$secret" 2>/dev/null || true)}
[[ -n $password ]] || { echo "No password: set ADMIN_PASSWORD, or run this beside the host's .data/first-admin.txt." >&2; exit 2; }
run=$(date +%s)
folder=$(mktemp -d)
seen=$folder/changes

# call METHOD PATH [BODY [more arguments for curl…]]: the answer's body; ends with what was wrong where it is no success.
call() {
  local method=$1 path=$2 body=${3:-} status
  shift $(($# < 3 ? $# : 3))
  status=$(curl -sS -o "$folder/answer" -w '%{http_code}' -X "$method" "$url$path" -H "${credential:-X-None: 1}" -H 'Content-Type: application/json' \
    ${body:+-d "$body"} "$@")
  [[ $status == 2* ]] || { echo "$method $path was answered $status: $(cat "$folder/answer")" >&2; exit 1; }
  cat "$folder/answer"
}
act() { call POST "/api/$1/actions/$2" "${3:-{\}}" > /dev/null; }
made() { call POST "$1" "$2" | jq -r .id; }
ago() { date -u -d "@$(($(date +%s) - $1))" +%Y-%m-%dT%H:%M:%SZ; }

# until WHAT FIELD VALUE: what follows from a command is carried out beside it.
until_is() {
  for _ in $(seq 200); do
    [[ $(call GET "/api/$1" | jq -r ".$2") == "$3" ]] && return
    sleep 0.1
  done
  echo "$1: $2 is $(call GET "/api/$1" | jq -r ".$2") and not $3 after 20 seconds" >&2
  exit 1
}

# until_seen TYPE ID: waits until the screen has a change.
until_seen() {
  for _ in $(seq 300); do
    jq -es --arg type "$1" --arg id "$2" 'any(.[]; .type == $type and .entityId == $id)' "$seen" > /dev/null 2>&1 && return
    sleep 0.1
  done
  echo "the screen has not seen $1 of $2 after 30 seconds" >&2
  exit 1
}

# send BODY: positions of a van, none of which may be rejected.
send() { call POST /api/telemetry/positions "$1" | jq -e '.rejected | length == 0' > /dev/null || { echo "positions were rejected" >&2; exit 1; }; }

token=$(call POST /api/auth/login "$(jq -n --arg email "$email" --arg password "$password" '{$email, $password}')" | jq -r .accessToken)
office="Authorization: Bearer $token"
credential=$office

# finally COMMAND: what is done at the end, however that comes; the last first.
ends='rm -rf "$folder"'
finally() { ends="$1; $ends"; }
trap 'eval "$ends"' EXIT

# watch SCRIPT [ARGUMENT…]: a screen that watches from now on, writes each change into $seen, and ends with this script.
watch() {
  [[ -d node_modules ]] || npm ci --no-audit --no-fund --silent
  mkfifo "$folder/input"
  SCREEN_TOKEN=$token node "$1" "$url" "$seen" "${@:2}" < "$folder/input" > >(tee "$folder/screen") &
  screen=$!
  exec 3> "$folder/input"
  finally 'exec 3>&-; wait $screen 2> /dev/null || true'
  for _ in $(seq 100); do [[ -s $folder/screen ]] && return; sleep 0.1; done
  echo "the screen did not connect" >&2
  exit 1
}
