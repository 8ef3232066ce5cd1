# shellcheck shell=bash
# Checks monitoring/ by promtool, Prometheus' own tool. On Debian it is unpacked out of its package into $DOCMILL_CACHE once,
# for all checkouts of this machine, and nothing is installed: Debian 12's package would start a Prometheus.

# The package that has it: of its own since Debian 13.
promtool_package() {
  if (($(debian_release) >= 13)); then echo promtool; else echo prometheus; fi
}

# provide_promtool: sets PROMTOOL.
provide_promtool() {
  local hint="Without it: DOCMILL_TEST_PROMTOOL=none bin/test"
  PROMTOOL=${DOCMILL_TEST_PROMTOOL:-$(command -v promtool || echo "$DOCMILL_CACHE/promtool/promtool")}
  if runs_promtool; then return; fi
  if [[ -n ${DOCMILL_TEST_PROMTOOL:-} ]]; then
    fail "there is no promtool at $PROMTOOL, which DOCMILL_TEST_PROMTOOL names. $hint"
  elif ! is_debian; then
    fail "the checks of monitoring/ need promtool of Prometheus 2.42 or newer on the PATH. $hint"
  fi
  locked_on "$DOCMILL_CACHE/promtool" unpack_promtool "$DOCMILL_CACHE/promtool" || fail "promtool could not be unpacked: the lines above say why. $hint"
}

runs_promtool() { "$PROMTOOL" --version >/dev/null 2>&1; }

unpack_promtool() {
  local directory=$1 log=$1/unpack.log
  # Another one may have done so meanwhile.
  if runs_promtool; then return; fi
  say "unpacking promtool of Debian's package $(promtool_package) for the checks of monitoring/, once (progress in $log) ..."
  # At its place in one step, so that nobody finds half of it.
  if ! { unpack_packages "$directory/root" "$(promtool_package)" && mv "$directory/root/usr/bin/promtool" "$directory/promtool"; } \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    return 1
  fi
  rm -rf "$directory/root"
  runs_promtool
}

# check_monitoring: rules, their tests, the configuration with the rules where they are here, and each expression of the
# dashboards, as a rule that is made of it.
check_monitoring() {
  local made dashboard
  if [[ ${DOCMILL_TEST_PROMTOOL:-} == none ]]; then
    say "leaving out the checks of monitoring/ by promtool, as DOCMILL_TEST_PROMTOOL says"
    return
  fi
  provide_promtool
  made=$(mktemp -d)
  # shellcheck disable=SC2064 # $made is this function's own and gone when the trap runs.
  trap "rm -rf '$made'" EXIT
  sed "s|/etc/prometheus/|$DOCMILL_HOME/monitoring/|" "$DOCMILL_HOME/monitoring/prometheus.yml" >"$made/prometheus.yml"
  promtool_says check rules --lint=all --lint-fatal "$DOCMILL_HOME/monitoring/alerts.yml"
  promtool_says check config "$made/prometheus.yml"
  promtool_says test rules "$DOCMILL_HOME/monitoring/alerts.test.yml"
  for dashboard in "$DOCMILL_HOME"/monitoring/grafana/dashboards/*.json; do
    dashboard_rules <"$dashboard" >"$made/${dashboard##*/}"
    promtool_says check rules "$made/${dashboard##*/}"
  done
  rm -rf "$made"
  trap - EXIT
}

# Its answer is told where it is no.
promtool_says() {
  local answer
  answer=$("$PROMTOOL" "$@" 2>&1) || fail "promtool $1 $2 says:"$'\n'"$answer"
}

# Rules out of a dashboard, in JSON, which is YAML; Grafana's own variables as it fills them in. A dashboard without an
# expression is a mistake.
dashboard_rules() {
  jq -e '[.. | objects | .expr // empty | gsub("\\$__rate_interval"; "1m")] |
    if . == [] then error("no expression") else . end |
    {groups: [{name: "dashboard", rules: [to_entries[] | {record: "dashboard:expression_\(.key)", expr: .value}]}]}'
}
