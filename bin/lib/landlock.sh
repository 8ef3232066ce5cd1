# shellcheck shell=bash
# Finds a setpriv that knows Landlock, for the tests of that sandbox. util-linux has it since 2.41, so Debian 13 has and
# Debian 12 has not: there Debian 13's is unpacked into $DOCMILL_CACHE, with the libraries that it needs and without a
# change to the system, and kept for all checkouts of this machine.

# The program that Debian 13's runs by, and what brings it.
LANDLOCK_PACKAGES=(util-linux libc6 libcap-ng0)

knows_landlock() { "$1" --help 2>/dev/null | grep -q -e --landlock-rule; }

# provide_landlock: puts such a setpriv on the PATH.
provide_landlock() {
  local directory=$DOCMILL_CACHE/landlock
  if knows_landlock setpriv; then return; fi
  if ! knows_landlock "$directory/setpriv"; then locked_on "$directory" unpack_landlock "$directory"; fi
  export PATH=$directory:$PATH
}

unpack_landlock() {
  local directory=$1 log
  # Another one may have done so meanwhile.
  if knows_landlock "$directory/setpriv"; then return; fi
  if ! is_debian; then
    fail "the tests of the sandbox landlock need setpriv of util-linux 2.41 or newer. Without them: DOCMILL_TEST_SANDBOXES=bubblewrap bin/test"
  fi
  log=$directory/unpack.log
  say "unpacking setpriv of Debian 13 for the tests of the sandbox, once (progress in $log) ..."
  if ! fetch_landlock "$directory" >"$log" 2>&1 || ! knows_landlock "$directory/setpriv"; then
    tail -n 20 "$log" >&2
    fail "Debian 13's setpriv could not be unpacked: the lines above say why. Without it: DOCMILL_TEST_SANDBOXES=bubblewrap bin/test"
  fi
}

# fetch_landlock DIRECTORY: by an apt of its own, which knows only Debian 13 and nothing of what is installed, from the
# mirror that the machine already uses. Its signatures are checked as ever.
fetch_landlock() {
  local directory=$1 mirror package loader options
  # shellcheck disable=SC2016 # apt-get fills these in, not the shell.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $(os_release VERSION_CODENAME)" |
    sed -n 1p)
  rm -rf "$directory"/{apt,root}
  mkdir -p "$directory"/apt/{lists/partial,archives/partial} "$directory/root"
  cat >"$directory/apt/debian.sources" <<SOURCES
Types: deb
URIs: $mirror
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
  options=(-q -o "Dir::State=$directory/apt" -o Dir::State::status=/dev/null -o "Dir::Cache=$directory/apt"
    -o "Dir::Etc::sourcelist=$directory/apt/debian.sources" -o Dir::Etc::sourceparts=/dev/null
    -o "APT::Sandbox::User=$(id -un)" -o Acquire::Languages=none)
  apt-get "${options[@]}" update || return 1
  (cd "$directory/apt" && apt-get "${options[@]}" download "${LANDLOCK_PACKAGES[@]}") || return 1
  for package in "$directory"/apt/*.deb; do
    dpkg-deb -x "$package" "$directory/root" || return 1
  done
  rm -rf "$directory/apt"
  loader=$(find "$directory/root/usr/lib" -name 'ld-linux-*' | sed -n 1p)
  cat >"$directory/setpriv" <<PROGRAM
#!/bin/sh
# Written by Docmill's bin/test: Debian 13's setpriv with the libraries of Debian 13.
exec '$loader' --library-path '$(dirname "$loader")' '$directory/root/usr/bin/setpriv' "\$@"
PROGRAM
  chmod 755 "$directory/setpriv"
}
