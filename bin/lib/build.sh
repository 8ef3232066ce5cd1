# shellcheck shell=bash
# Builds what bin/docmill starts, when the sources have changed since it was built last.

DOCMILL_JAR=$DOCMILL_HOME/launcher/target/launcher.jar
BUILD_STAMP=$DOCMILL_HOME/launcher/target/built-from

# One line that changes with any source, pom or build option: a digest of their names, sizes and times.
source_digest() {
  (cd "$DOCMILL_HOME" && find pom.xml .mvn ./*/pom.xml ./*/src/main -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum)
}

# True where the jar is there and as new as the sources. An installation without sources has nothing to compare, and
# DOCMILL_BUILD=skip takes the jar as it is (bin/test says so, because it has built it itself).
is_built() {
  [[ -e $DOCMILL_JAR ]] || return 1
  [[ ! -e $DOCMILL_HOME/pom.xml || ${DOCMILL_BUILD:-} == skip ]] || [[ $(cat "$BUILD_STAMP" 2>/dev/null) == "$(source_digest)" ]]
}

# Does nothing where it is built. Tests and the formatter's check are bin/test's business.
build() {
  local digest started=$SECONDS
  if is_built; then return; fi
  setup "${NEEDS_TO_BUILD[@]}"
  if [[ -e $DOCMILL_JAR ]]; then
    say "building, because the sources have changed ..."
  else
    say "building (the first time downloads the libraries, which takes some minutes) ..."
  fi
  digest=$(source_digest)
  (cd "$DOCMILL_HOME" && mvn -B -ntp -q package -pl launcher -am \
    -DskipTests -Dmaven.test.skip=true -Dspotless.check.skip=true) >&2 || fail "the build failed: Maven's lines above say why."
  record_build "$digest"
  say "built in $((SECONDS - started)) s"
}

# record_build DIGEST: remembers that the jar was built from sources with this digest. A cache of loaded classes belongs to
# the jars that it was recorded with.
record_build() {
  rm -f "$DOCMILL_HOME/launcher/target/up.aot"
  if [[ -e $DOCMILL_JAR ]]; then printf '%s\n' "$1" >"$BUILD_STAMP"; fi
}

# locked COMMAND...: runs a command of which there must be only one at a time on this checkout.
locked() { locked_on "$DOCMILL_HOME" "$@"; }

# locked_on DIRECTORY COMMAND...: the same of any directory, which is made where it is not there. What is in $DOCMILL_CACHE is
# of all checkouts, so a lock on one of them keeps none of the others off it. The lock is on the directory itself and ends
# with the command.
locked_on() {
  local directory=$1
  shift
  mkdir -p "$directory"
  if command -v flock >/dev/null; then
    {
      flock 9
      "$@"
    } 9<"$directory"
  else
    "$@"
  fi
}
