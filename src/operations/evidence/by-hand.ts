/** One step that a reader pastes into a shell: what it shows, and the commands. */
export interface Step {
  readonly title: string;
  readonly says: string;
  readonly commands: string;
}

/**
 * How a bundle is checked with openssl, sha256sum, jq, xxd and the core utilities alone. The same commands stand in
 * `docs/guides/verify-the-ledger.md`; a test runs them from there and from here.
 */
export const BY_HAND: readonly Step[] = [
  {
    title: "The signature",
    says: "VKEY is the log's public key. Have it from elsewhere than this bundle: from a contract, an earlier audit, a printed page.",
    commands: `WORK=$(mktemp -d)
VKEY=\${VKEY:-$(head -n 1 vkey)}
NAME=\${VKEY%%+*}; REST=\${VKEY#*+}; KEYID=\${REST%%+*}
printf %s "\${REST#*+}" | base64 -d | tail -c 32 > "$WORK/key"
(printf 302a300506032b6570032100 | xxd -r -p; cat "$WORK/key") > "$WORK/key.der"
FOUND=$( (printf '%s\\n\\001' "$NAME"; cat "$WORK/key") | sha256sum | cut -c 1-8)
if [ "$FOUND" = "$KEYID" ]; then echo "ok: the key id $KEYID is that of the key"; fi
head -n 3 checkpoint > "$WORK/body"
jq -rR --arg start "— $NAME " 'select(startswith($start)) | .[($start | length):]' checkpoint > "$WORK/lines"
while read -r LINE; do
  printf %s "$LINE" | base64 -d > "$WORK/line"
  if [ "$(head -c 4 "$WORK/line" | xxd -p)" = "$KEYID" ]; then tail -c 64 "$WORK/line" > "$WORK/signature"; fi
done < "$WORK/lines"
if openssl pkeyutl -verify -pubin -keyform DER -inkey "$WORK/key.der" -rawin -in "$WORK/body" \\
  -sigfile "$WORK/signature" > "$WORK/openssl" 2>&1; then echo "ok: the checkpoint is signed by $NAME"; fi
SIZE=$(head -n 2 checkpoint | tail -n 1)
ROOT=$(head -n 3 checkpoint | tail -n 1 | base64 -d | xxd -p -c 32)`,
  },
  {
    title: "The records",
    says: "Each proof holds a leaf of the log, what it commits to, and the hashes from it to the signed root. A record takes about a tenth of a second.",
    commands: `node() { (printf '\\001'; printf %s "$1$2" | xxd -r -p) | sha256sum | cut -c 1-64; }
proved() {
  BLANK=$(jq -nR '[inputs] | index("")' "$1")
  INDEX=$(head -n 3 "$1" | tail -n 1 | cut -d ' ' -f 2)
  if [ "$1" != "proof/$INDEX.tlog-proof" ]; then return 1; fi
  tail -n +$((BLANK + 2)) "$1" > "$WORK/proof-checkpoint"
  if [ "$(sha256sum < "$WORK/proof-checkpoint")" != "$(sha256sum < checkpoint)" ]; then return 1; fi
  head -n 2 "$1" | tail -n 1 | cut -d ' ' -f 2 | base64 -d > "$WORK/extra"
  jq -j .leaf "$WORK/extra" > "$WORK/leaf"
  if jq -e 'has("payload")' "$WORK/extra" > "$WORK/jq"; then
    jq -j .payload "$WORK/extra" > "$WORK/payload"
    FOUND=$( (jq -j .salt "$WORK/extra" | xxd -r -p; cat "$WORK/payload") | sha256sum | cut -c 1-64)
    if [ "$FOUND" != "$(jq -r .c "$WORK/leaf")" ]; then return 1; fi
  fi
  HASH=$( (printf '\\000'; cat "$WORK/leaf") | sha256sum | cut -c 1-64); FN=$INDEX; SN=$((SIZE - 1))
  for LINE in $(head -n "$BLANK" "$1" | tail -n +4); do
    P=$(printf %s "$LINE" | base64 -d | xxd -p -c 32)
    if [ $((FN % 2)) = 1 ] || [ "$FN" = "$SN" ]; then
      HASH=$(node "$P" "$HASH")
      while [ $((FN % 2)) = 0 ] && [ "$FN" != 0 ]; do FN=$((FN / 2)); SN=$((SN / 2)); done
    else
      HASH=$(node "$HASH" "$P")
    fi
    FN=$((FN / 2)); SN=$((SN / 2))
  done
  [ "$HASH" = "$ROOT" ] && [ "$SN" = 0 ]
}
HOLD=0; FAIL=0
for FILE in proof/*.tlog-proof; do
  if proved "$FILE"; then HOLD=$((HOLD + 1)); else FAIL=$((FAIL + 1)); echo "NOT proved: $FILE"; fi
done
if [ "$FAIL" = 0 ]; then echo "ok: all $HOLD proofs lead to the signed root of $SIZE leaves"; fi
if [ "$HOLD" = "$(jq .proofs queries.json)" ]; then echo "ok: there are as many as queries.json says"; fi`,
  },
  {
    title: "The figures",
    says: "The records are read out of the proofs, and added up again by sums.jq, which is short and made to be read. Then every figure is held against its sums.",
    commands: `cat proof/*.tlog-proof | jq -cR 'select(startswith("extra ")) | .[6:] | @base64d | fromjson
  | select(has("payload")) | (.leaf | fromjson) as $leaf
  | {stream: $leaf.s, kind: $leaf.t, at: $leaf.at, version: $leaf.ver} + (.payload | fromjson)' > "$WORK/records"
jq -n -S -f sums.jq "$WORK/records" > "$WORK/again"
jq -S .sums queries.json > "$WORK/said"
if [ "$(cat "$WORK/again")" = "$(cat "$WORK/said")" ]; then echo "ok: the records add up to every sum"; fi
jq -r '.sums as $sums | .figures[] | select(.agrees != null)
  | [.parts[] | .sign * ($sums[.sum] | tonumber)] as $parts
  | (if $parts == [] then false
     elif (.parts | length) == 1 and .parts[0].sign == 1 then $sums[.parts[0].sum] == .value
     else (($parts | add) - (.value | tonumber) | fabs) < 0.000001 end) as $holds
  | "\\(if $holds then "ok: the records add up to" else "differs:" end) \\(.title): \\(.value) \\(.unit)"' queries.json`,
  },
];
