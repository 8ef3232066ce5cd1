# shellcheck shell=bash
# Builds the fork server, the engine that gives every document a LibreOffice of its own (see fork-server/README.md). It is
# built for the LibreOffice of this machine and kept in $DOCMILL_CACHE for all checkouts, until that or its sources change.
# Docmill runs without it, on JODConverter, and says so.

# Headers alone: LibreOffice's, and those of the JSON library. They are unpacked for the build and nothing is installed.
FORK_SERVER_HEADERS=(libreoffice-dev libreoffice-dev-common libreofficekit-dev)
FORK_SERVER_JSON=nlohmann-json3-dev

# The packages of LibreOffice have one version; empty where it is not Debian's.
libreoffice_version() {
  local package version
  for package in libreoffice-core-nogui libreoffice-core; do
    version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null) && [[ -n $version ]] && break
  done
  printf '%s' "$version"
}

# fork_server_program: where it is, or will be, for the sources and the LibreOffice that are there now.
fork_server_program() {
  local digest
  digest=$(cd "$DOCMILL_HOME/fork-server" && { libreoffice_version && cat Makefile src/*; } | sha256sum)
  printf '%s/fork-server/%s/docmill-fork-server' "$DOCMILL_CACHE" "${digest:0:16}"
}

# provide_fork_server: has the worker find one by DOCMILL_WORKER_FORK_SERVER, building it first where there is none.
provide_fork_server() {
  local program
  if [[ -n ${DOCMILL_WORKER_FORK_SERVER:-} || ${DOCMILL_WORKER_ENGINE:-} == jodconverter ]]; then return; fi
  if [[ ! -d $DOCMILL_HOME/fork-server ]] || ! is_debian; then return; fi
  program=$(fork_server_program)
  if [[ ! -x $program ]]; then locked_on "$DOCMILL_CACHE/fork-server" build_fork_server "$program"; fi
  if [[ -x $program ]]; then export DOCMILL_WORKER_FORK_SERVER=$program; fi
}

build_fork_server() {
  local program=$1 directory log started=$SECONDS
  # Another one may have built it meanwhile.
  if [[ -x $program ]]; then return; fi
  setup compiler
  if ! need_is_met compiler; then return; fi
  directory=${program%/*}
  log=$directory/build.log
  mkdir -p "$directory"
  say "building the fork server for this LibreOffice, once (progress in $log) ..."
  if make_fork_server "$directory" >"$log" 2>&1; then
    say "built the fork server in $((SECONDS - started)) s"
  else
    tail -n 20 "$log" >&2
    say "going on without the fork server, which could not be built: the lines above say why"
  fi
  rm -rf "$directory"/{headers,build}
}

make_fork_server() {
  local directory=$1 headers=$1/headers version
  version=$(libreoffice_version)
  unpack_packages "$headers" "${FORK_SERVER_HEADERS[@]/%/=$version}" "$FORK_SERVER_JSON" || return 1
  make -C "$DOCMILL_HOME/fork-server" -j "$(nproc)" BUILD="$directory/build" \
    SDK_INCLUDE="$headers/usr/include/libreoffice" LOK_INCLUDE="$headers/usr/include" JSON_INCLUDE="$headers/usr/include" \
    CPPUMAKER="$headers/usr/lib/libreoffice/sdk/bin/cppumaker.bin" || return 1
  # At its place in one step, so that nobody finds half of it.
  mv "$directory/build/docmill-fork-server" "$directory/docmill-fork-server"
}
