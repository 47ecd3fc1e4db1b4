#!/usr/bin/env bash
# A phone call, against a running ChargeCars: a customer whose van is on its way rings; the telephony system's webhooks say what happens, and
# a screen shows who calls, what is open with them and where the van is, from the ring to the hang-up, while the van moves. Each line has the
# moment at which the screen would show it.
#
#   docs/day/call.sh [http://localhost:5080]
#
# Needs curl, jq and Node 20. Signs in as the first administrator (.data/first-admin.txt), or as ADMIN_EMAIL with ADMIN_PASSWORD.
set -euo pipefail
cd "$(dirname "$0")"
source ./office.sh

plate="P-$((run % 1000000))"
number=$(printf '+31 6 1%07d' $((run % 10000000)))
line=$((run % 1000000000))
call=$((9000000000 + run))

echo "1. The customer, the order, the visit of today and the van that is on its way"
entity=$(call GET '/api/business-entities?limit=50' | jq -r '.items[] | select(.entityCode == "chargecars") | .id')
customer=$(made /api/organizations "{\"name\":\"Familie Bakker $run\",\"organizationType\":\"customer_individual\"}")
contact=$(made /api/contacts "{\"organizationId\":\"$customer\",\"firstName\":\"Anna\",\"lastName\":\"Bakker\",\"email\":\"anna.$run@example.nl\",
  \"contactType\":\"customer\"}")
made /api/phone-numbers "{\"contactId\":\"$contact\",\"phoneNumber\":\"$number\"}" > /dev/null
address=$(made /api/addresses "{\"entityType\":\"organization\",\"entityId\":\"$customer\",\"addressType\":\"installation\",
  \"streetAddress\":\"Dorpsstraat\",\"streetNumber\":\"12\",\"postalCode\":\"3435RA\",\"city\":\"Nieuwegein\",
  \"coordinates\":{\"latitude\":52.03,\"longitude\":5.09}}")
van=$(made /api/vehicles "{\"licensePlate\":\"$plate\",\"vehicleType\":\"van\",\"vehicleName\":\"Van of the call $run\"}")
order=$(made /api/orders "{\"orderType\":\"service\",\"businessEntity\":\"chargecars\",\"customerOrganizationId\":\"$customer\",
  \"primaryContactId\":\"$contact\",\"installationAddressId\":\"$address\"}")
act "orders/$order" approve
visit=$(made "/api/orders/$order/visits" '{"visitType":"service","estimatedMinutes":60}')
act "visits/$visit" schedule "{\"scheduledStart\":\"$(ago -600)\",\"scheduledEnd\":\"$(ago -4200)\",\"vehicleId\":\"$van\"}"
act "visits/$visit" confirm
act "visits/$visit" depart
until_is "vehicles/$van" operationalStatus driving
thread=$(made /api/threads "{\"entityType\":\"order\",\"entityId\":\"$order\",\"channel\":\"email\",\"subject\":\"Laadpaal knippert rood\",
  \"businessEntity\":\"chargecars\",\"customerContactId\":\"$contact\",\"customerAddress\":\"anna.$run@example.nl\"}")
made /api/business-phone-numbers "{\"aircallId\":\"$line\",\"name\":\"Service desk\",\"digits\":\"+31850123456\",\"businessEntityId\":\"$entity\"}" > /dev/null
webhook=$(call POST /api/telephony/aircall/tokens '{"name":"a call to try"}' | jq -r .token)

echo "2. A screen watches, and the van drives"
watch phone.mjs "$van"
began=$(date +%s)
# Every second a fix, some twenty metres on, until the script ends.
(
  trap - EXIT
  for metre in $(seq 0 20 4000); do
    body=$(jq -n --arg van "$van" --argjson metre "$metre" '{positions: [{vehicleId: $van, fixTime: (now | todate), latitude: (52.08 - $metre / 111200),
      longitude: 5.09, accuracyMeters: 6, speedKmh: 72, headingDegrees: 180}]}')
    curl -sS -o "$folder/fix" -X POST "$url/api/telemetry/positions" -H "$office" -H 'Content-Type: application/json' -d "$body" || true
    sleep 1
  done
) &
drive=$!
finally "kill $drive 2> /dev/null || true"
sleep 2

# aircall EVENT [JQ that changes the call…]: what the telephony system sends, with the moment at which it was sent.
state=$(jq -n --argjson id "$call" --argjson line "$line" --arg digits "$number" --argjson at "$(date +%s)" '{id: $id, direction: "inbound", status: "initial",
  direct_link: "https://api.aircall.io/v1/calls/\($id)", started_at: $at, answered_at: null, ended_at: null, duration: 0, raw_digits: $digits, user: null,
  number: {id: $line, name: "Service desk", digits: "+31 85 012 3456"}, teams: [], tags: [], comments: []}')
an='{id: 501, name: "An", email: "an@chargecars.example"}' bo='{id: 502, name: "Bo", email: "bo@chargecars.example"}'
aircall() {
  local event=$1
  state=$(jq -c --argjson now "$(date +%s)" "${2:-.}" <<< "$state")
  echo "{\"event\":\"$event\",\"at\":$(date +%s%3N)}" >> "$folder/sent"
  echo "   $(TZ=Europe/Amsterdam date +%H:%M:%S.%3N)  > $event"
  credential= call POST /api/telephony/aircall "$(jq -c --arg event "$event" --arg token "$webhook" \
    '{resource: "call", event: $event, timestamp: (now | floor), token: $token, data: .}' <<< "$state")" > /dev/null
}

echo "3. The phone rings"
aircall call.created
sleep 1
aircall call.ringing_on_agent ".user = $an"
sleep 1
aircall call.agent_declined
sleep 1
aircall call.ringing_on_agent ".user = $bo"
sleep 1
card=$(call GET /api/calls/ringing | jq -c --arg id "$call" '.items[] | select(.call.callId == $id) | .card')
[[ $(jq -r '.candidates[0].name' <<< "$card") == "Anna Bakker" && $(jq -r '[.ringingOn[].name] | join(",")' <<< "$card") == Bo ]] \
  || { echo "a screen that connects now would show $card" >&2; exit 1; }
echo "   a screen that connects now shows the same card, ringing at Bo"

echo "4. Bo answers, and tells the customer where the van is"
aircall call.answered ".user = $bo | .status = \"answered\" | .answered_at = \$now"
sleep 6

echo "5. They hang up; half a minute later the telephony system would say all that it knows"
aircall call.hungup '.status = "done"'
sleep 1
aircall call.ended '.ended_at = $now - 1 | .duration = .ended_at - .started_at | .tags = [{id: 3, name: "Storing"}]
  | .comments = [{id: 1, content: "Monteur komt er zo aan", posted_at: $now}]'
row=$(call GET "/api/calls?callId=$call" | jq -r '.items[0].id')
until_is "calls/$row" 'tags[0].name' Storing
sleep 1

echo "6. What the screen saw"
until_seen call.ended "$row"
jq -es '[.[].sequence] | . == (sort | unique)' "$seen" > /dev/null || { echo "the screen saw changes out of order, or twice" >&2; exit 1; }
told=$(jq -cs --arg id "$row" '[.[] | select(.entityId == $id) | .type]' "$seen")
echo "   $told"
happened='["call.created","call.ringing","call.ringing","call.declined","call.ringing","call.answered","call.ended","call.updated"]'
[[ $told == "$happened" ]] || { echo "which is not what happened: $happened" >&2; exit 1; }
first=$(jq -cs --arg id "$row" '[.[] | select(.entityId == $id and .type == "call.ringing")][0]' "$seen")
jq -e --arg visit "$visit" --arg plate "$plate" --arg order "$order" --arg thread "$thread" '.data.card.candidates | length == 1 and (.[0]
  | .visitToday.id == $visit and .visitToday.licensePlate == $plate and .openOrders[0].id == $order and .openThreads[0].id == $thread)' <<< "$first" > /dev/null \
  || { echo "the first card did not show the visit with its van, the order and the thread" >&2; exit 1; }
jq -rs --argjson seen "$(jq .seenAt <<< "$first")" '$seen - (map(select(.event == "call.created"))[0].at)
  | "   the card was on the screen \(.) ms after the telephony system began to say so, the start of curl and jq included"' "$folder/sent"
[[ $(call GET "/api/calls/$row" | jq -r '[.status, (.legs | length), (.legs[1].agent.name), .hasSuspectTimes] | join(" ")') == "completed 2 Bo false" ]] \
  || { echo "the call is $(call GET "/api/calls/$row")" >&2; exit 1; }
echo "Done: from the ring to the hang-up, each change was seen live, in order, once; the van moved for $(($(date +%s) - began)) seconds."
