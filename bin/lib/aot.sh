# shellcheck shell=bash
# Caches of loaded and linked classes (JEP 483 and 514), which halve the time of a start. They belong to the jars and the
# JDK that they were recorded with; Java passes over one that does not fit.

AOT_CACHE=$DOCMILL_HOME/launcher/target/up.aot
AOT_RECORDING_LIMIT=180

# record_start JAVA-OPTION...: starts Docmill once on an empty directory to record what a start loads. Without the cache
# everything works, so what goes wrong here is only told.
record_start() {
  if [[ -e $AOT_CACHE || ${DOCMILL_BUILD:-} == skip || ! -w ${AOT_CACHE%/*} ]]; then return; fi
  local data pid started=$SECONDS
  data=$(mktemp -d)
  say "recording what a start loads, once, so that later ones take half the time ..."
  # It ends by its own way, by SIGTERM, and writes the cache at its end.
  "$JAVA_HOME/bin/java" "$@" "-XX:AOTCacheOutput=$AOT_CACHE" -Xlog:disable -jar "$DOCMILL_JAR" \
    up --data "$data" --port 0 --slots 1 >"$data/recording.log" 2>&1 &
  pid=$!
  while [[ ! -s $data/url ]] && kill -0 "$pid" 2>/dev/null && ((SECONDS - started < AOT_RECORDING_LIMIT)); do sleep 0.2; done
  if [[ -s $data/url ]]; then
    kill "$pid" 2>/dev/null || true
    wait "$pid" || true
  else
    kill -KILL "$pid" 2>/dev/null || true
  fi
  if [[ -e $AOT_CACHE ]]; then
    say "recorded in $((SECONDS - started)) s"
  else
    say "could not record it: starts take longer. The start said: $(tail -n 3 "$data/recording.log")"
  fi
  rm -rf "$data"
}

# add_aot_cache: has Java use the cache, where there is one.
add_aot_cache() {
  if [[ -r $AOT_CACHE ]]; then java_options+=("-XX:AOTCache=$AOT_CACHE" "-Xlog:aot*=off"); fi
}
