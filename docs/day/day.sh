#!/usr/bin/env bash
# A day in the life of an order, against a running ChargeCars: it comes in by an API key, is approved and planned, a van drives to it by
# its positions, the work is done with its checklist, signed and completed; and a screen sees each change live, in order, once.
#
#   docs/day/day.sh [http://localhost:5080]
#
# Needs curl, jq and Node 20. Signs in as the first administrator (.data/first-admin.txt), or as ADMIN_EMAIL with ADMIN_PASSWORD.
set -euo pipefail
cd "$(dirname "$0")"
source ./office.sh

echo "1. The people, the place, the product and the van"
customer=$(made /api/organizations "{\"name\":\"Familie Bakker $run\",\"organizationType\":\"customer_individual\"}")
partner=$(made /api/organizations "{\"name\":\"Lease $run\",\"organizationType\":\"partner\"}")
contact=$(made /api/contacts "{\"organizationId\":\"$customer\",\"firstName\":\"Anna\",\"lastName\":\"Bakker\",\"email\":\"anna.$run@example.nl\",\"contactType\":\"customer\"}")
address=$(made /api/addresses "{\"entityType\":\"organization\",\"entityId\":\"$customer\",\"addressType\":\"installation\",\"streetAddress\":\"Dorpsstraat\",\"streetNumber\":\"12\",\"postalCode\":\"3435RA\",\"city\":\"Nieuwegein\",\"coordinates\":{\"latitude\":52.03,\"longitude\":5.09}}")
product=$(made /api/products "{\"sku\":\"DAY-$run\",\"name\":\"Charge point 11 kW\",\"productType\":\"charge_point\",\"unitPrice\":899.00}")
van=$(made /api/vehicles "{\"licensePlate\":\"D-$((run % 1000000))\",\"vehicleType\":\"van\",\"vehicleName\":\"Van of the day $run\"}")
key=$(call POST /api/api-keys '{"name":"web shop","permissions":["orders.write","orders.read"]}' | jq -r .key)

echo "2. A screen watches"
watch screen.mjs

echo "3. An order comes in by API key; sent twice with one key, it is one"
credential="X-Api-Key: $key"
body="{\"orderType\":\"installation\",\"businessEntity\":\"chargecars\",\"customerOrganizationId\":\"$customer\",\"primaryContactId\":\"$contact\",\"installationAddressId\":\"$address\",\"partnerOrganizationId\":\"$partner\",\"partnerExternalReferences\":{\"orderId\":\"L-$run\"},\"lineItems\":[{\"productId\":\"$product\",\"quantity\":1}]}"
order=$(call POST /api/orders "$body" -H "Idempotency-Key: day-$run" | jq -r .id)
[[ $(call POST /api/orders "$body" -H "Idempotency-Key: day-$run" | jq -r .id) == "$order" ]] || { echo "sent twice, there are two" >&2; exit 1; }
credential=$office
echo "   $(call GET "/api/orders/$order" | jq -r '"\(.orderNumber): € \(.totalAmount)"')"

echo "4. The office approves and plans it"
act "orders/$order" approve
visit=$(made "/api/orders/$order/visits" '{"visitType":"install","estimatedMinutes":60}')
act "visits/$visit" schedule "{\"scheduledStart\":\"$(ago 600)\",\"scheduledEnd\":\"$(ago -3000)\",\"vehicleId\":\"$van\"}"
until_is "orders/$order" orderStatus planned
act "visits/$visit" confirm

echo "5. The van sets out, and its positions say when it is there"
act "visits/$visit" depart "{\"occurredAt\":\"$(ago 900)\"}"
until_is "vehicles/$van" operationalStatus driving
for _ in $(seq 100); do
  [[ $(call GET "/api/geofences?visitId=$visit" | jq '.items | length') == 1 ]] && break
  sleep 0.1
done
# Each host asks for changed geofences once a second.
sleep 2
send "$(jq -n --arg van "$van" --argjson now "$(date +%s)" '{positions: [range(0; 70) | {vehicleId: $van, fixTime: ($now - 880 + . * 10 | todate),
  latitude: (52.03 - ([60 - ., 0] | max) * 0.001), longitude: 5.09, accuracyMeters: 8, speedKmh: (if . < 60 then 40 else 0 end)}]}')"
until_seen visit.arrival_proposed "$visit"
act "visits/$visit" arrive
until_is "vehicles/$van" operationalStatus on_site

echo "6. The work: checklist with photos, signature"
act "visits/$visit" start
until_is "orders/$order" orderStatus in_progress
printf 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==' | base64 -d > "$folder/photo.png"
photo() { curl -sSf "$url/api/attachments" -H "$office" -F entityType=visit -F "entityId=$visit" -F "file=@$folder/photo.png;type=image/png;filename=$1.png" | jq -r .id; }
answers='{}'
for code in $(call GET "/api/visits/$visit" | jq -r '.checklist.items[] | select(.required) | .code'); do
  item=$(call GET "/api/visits/$visit" | jq --arg code "$code" '.checklist.items[] | select(.code == $code)')
  answer=$(jq '{note: null} + (if .type == "boolean" then {value: true} elif .type == "number" then {value: (.minimum // .maximum // 1), instrument: "Fluke 1664"}
    elif .type == "choice" then {value: ((.accepted // []) + .choices | first)} elif .type == "text" then {value: "as ordered"} else {} end) | del(.note)' <<< "$item")
  [[ $(jq .photoRequired <<< "$item") == true ]] && answer=$(jq --arg photo "$(photo "$code")" '. + {photoIds: [$photo]}' <<< "$answer")
  answers=$(jq --arg code "$code" --argjson answer "$answer" '. + {($code): $answer}' <<< "$answers")
done
act "visits/$visit" complete "$(jq -n --argjson checklist "$answers" --arg signature "$(photo signature)" \
  '{resolution: "Installed and tested.", signedBy: "Anna Bakker", signedPlace: "Nieuwegein", signatureAttachmentId: $signature, $checklist}')"
until_is "orders/$order" orderStatus work_done
until_is "vehicles/$van" operationalStatus parked
act "orders/$order" complete

echo "7. What the screen saw"
until_seen order.status_changed "$order"
for _ in $(seq 100); do
  [[ $(jq -r --arg id "$order" 'select(.entityId == $id and .type == "order.status_changed") | .data.to' "$seen" | tail -1) == completed ]] && break
  sleep 0.1
done
jq -es '[.[].sequence] | . == (sort | unique)' "$seen" > /dev/null || { echo "the screen saw changes out of order, or twice" >&2; exit 1; }
for of in "order orders $order" "visit visits $visit"; do
  read -r kind route id <<< "$of"
  kept=$(call GET "/api/$route/$id/transitions?limit=100" | jq -c '[.items | reverse[] | select(.fromStatus) | .toStatus]')
  live=$(jq -cs --arg id "$id" --arg type "$kind.status_changed" '[.[] | select(.entityId == $id and .type == $type) | .data.to]' "$seen")
  echo "   $kind: $live"
  [[ $kept == "$live" ]] || { echo "the history of the $kind is $kept, and the screen saw $live" >&2; exit 1; }
done
echo "   the timeline has $(call GET "/api/orders/$order/timeline?limit=500" | jq -c '[.items[].kind] | group_by(.) | map({(.[0]): length}) | add')"
echo "Done: each change was seen live, in order, once."
