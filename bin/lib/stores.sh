# shellcheck shell=bash
# Builds the S3 servers that the storage tests run against besides the store of the one-machine system. Neither is in
# Debian, so each is built once from its source by Go, and kept for all checkouts of this machine until its version here
# changes.

# Go fetches the toolchain that a module asks for by itself since this version.
OLDEST_GO=1.21

# store_module STORE: the main package of a server and its exact version.
store_module() {
  case $1 in
    # The last commit of the archived project. AGPL: it runs beside the tests and is linked to nothing.
    minio) echo github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c ;;
    versitygw) echo github.com/versity/versitygw/cmd/versitygw@v1.8.0 ;;
    # MinIO's client, for bin/test containers alone.
    mc) echo github.com/minio/mc@v0.0.0-20250313080218-cf909e1063a9 ;;
    *) fail "there is no store $1: DOCMILL_TEST_STORES takes embedded, versitygw and minio, separated by commas." ;;
  esac
}

# The program has its version in its name, and the link that the tests use has not.
store_program() {
  local module
  module=$(store_module "$1")
  printf '%s/bin/%s-%s' "$DOCMILL_CACHE" "$1" "${module##*@}"
}

# missing_stores STORE...: those that have yet to be built.
missing_stores() {
  local store program
  for store in "$@"; do
    if [[ $store == embedded ]]; then continue; fi
    program=$(store_program "$store")
    if [[ ! -x $program || ! $DOCMILL_CACHE/bin/$store -ef $program ]]; then echo "$store"; fi
  done
}

# Among the PATH, where Debian has none that is new enough, and where Go's own archive is unpacked.
find_go() {
  local go version
  for go in "$(command -v go || true)" /usr/lib/go-*/bin/go /usr/local/go/bin/go; do
    [[ -x $go ]] || continue
    version=$(GOTOOLCHAIN=local "$go" env GOVERSION 2>/dev/null)
    if [[ $version =~ ^go([0-9]+)\.([0-9]+) ]] &&
      ((BASH_REMATCH[1] * 100 + BASH_REMATCH[2] >= ${OLDEST_GO%.*} * 100 + ${OLDEST_GO#*.})); then
      GO=$go
      return 0
    fi
  done
  return 1
}

# build_stores STORE...: builds them one after the other. False where one can't be built, and its log says why.
build_stores() {
  local store
  mkdir -p "$DOCMILL_CACHE/go"
  # Another one may have built them meanwhile.
  for store in $(missing_stores "$@"); do
    build_store "$store" || return 1
  done
  # Sources, compiled packages and toolchains are several times the size of the programs and of no further use.
  rm -rf "$DOCMILL_CACHE/go"
}

build_store() {
  local store=$1 module program log started=$SECONDS
  module=$(store_module "$store")
  program=$(store_program "$store")
  log=$DOCMILL_CACHE/bin/$store.log
  say "building $store for the storage tests, once (${module##*@}; progress in $log) ..."
  # In its own place, so that it does not depend on how Go is set up here, nor leaves anything in it. An interrupted
  # build goes on from there.
  if ! (cd "$DOCMILL_CACHE/go" && env GOPATH="$DOCMILL_CACHE/go" GOBIN="$DOCMILL_CACHE/go/bin" \
    GOCACHE="$DOCMILL_CACHE/go/build" GOFLAGS=-modcacherw GOTOOLCHAIN=auto CGO_ENABLED=0 \
    nice -n 19 "$GO" install "$module") >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "$store could not be built: the lines above say why. Without it: DOCMILL_TEST_STORES=embedded bin/test"
    return 1
  fi
  mv "$DOCMILL_CACHE/go/bin/$store" "$program"
  ln -sfn "${program##*/}" "$DOCMILL_CACHE/bin/$store"
  say "built $store in $((SECONDS - started)) s"
}

# start_building_stores STORE...: builds in the background what is missing; await_stores waits for it. Whatever ends this
# script ends the build.
start_building_stores() {
  local store missing
  for store in "$@"; do
    [[ $store == embedded ]] || store_module "$store" >/dev/null
  done
  mapfile -t missing < <(missing_stores "$@")
  STORES_BUILD=""
  if ((${#missing[@]} == 0)); then return; fi
  locked setup go
  # A process group of its own, which can be ended as one: the compilers are children of the build.
  set -m
  locked_on "$DOCMILL_CACHE/bin" build_stores "${missing[@]}" &
  STORES_BUILD=$!
  set +m
  trap 'kill -- "-$STORES_BUILD" 2>/dev/null || true' EXIT
}

await_stores() {
  if [[ -z $STORES_BUILD ]]; then return; fi
  wait "$STORES_BUILD" || fail "the storage tests lack a store."
  trap - EXIT
}
