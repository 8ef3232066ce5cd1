# shellcheck shell=bash
# Installs Debian packages for needs that are not met, for bin/lib/setup.sh.

BACKPORTS_FILE=/etc/apt/sources.list.d/docmill-backports.sources
REDIS_POLICY=/usr/sbin/policy-rc.d

os_release() { (. /etc/os-release 2>/dev/null && printf '%s' "${!1:-}"); }

# The number of this release (13); testing and unstable, which have none, count as newer than all.
debian_release() {
  local number
  number=$(os_release VERSION_ID)
  echo "${number:-99}"
}

is_debian() { [[ $(os_release ID) == debian ]]; }

# Root, or a sudo that works: without a password, or with a person at the terminal to type it.
can_install() {
  is_debian || return 1
  if ((EUID == 0)); then return 0; fi
  command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 && -t 2 ]]; }
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# debian_packages NEED: the packages that meet a need on this release of Debian; none if the release has none.
debian_packages() {
  case $1 in
    # Debian 12 has no JDK newer than 17, not in its backports either.
    jdk) if (($(debian_release) >= 13)); then echo openjdk-25-jdk-headless; fi ;;
    java) if (($(debian_release) >= 13)); then echo openjdk-25-jre-headless; fi ;;
    libreoffice) libreoffice_packages ;;
    pdftoppm) echo poppler-utils ;;
    redis) echo redis-server ;;
    setpriv) echo util-linux ;;
    ps) echo procps ;;
    certificates) echo ca-certificates ;;
    font-liberation) echo fonts-liberation2 ;;
    font-carlito) echo fonts-crosextra-carlito ;;
    font-caladea) echo fonts-crosextra-caladea ;;
    font-dejavu) echo fonts-dejavu-core ;;
    font-noto) echo fonts-noto-core ;;
    font-noto-cjk) echo fonts-noto-cjk ;;
    compiler) printf '%s\n' g++ make ;;
    go) echo golang-go ;;
    maven | bubblewrap | curl | shellcheck | jq | openssl | debootstrap) echo "$1" ;;
  esac
}

# The packages without a graphical interface, except where the ones with it are installed: the two exclude each other.
libreoffice_packages() {
  local kind=-nogui part
  if is_installed libreoffice-core; then kind=""; fi
  for part in core writer calc impress draw; do echo "libreoffice-$part$kind"; done
  echo libreoffice-uiconfig-writer
}

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# install_hint NEED: how a person gets it, to follow its title in a message.
install_hint() {
  local packages
  if ! is_debian; then return; fi
  packages=$(debian_packages "$1" | tr '\n' ' ')
  if [[ -n $packages ]]; then
    printf ': apt-get install --no-install-recommends %s' "${packages% }"
    if needs_backports "$1"; then printf ' (from %s)' "$(backports)"; fi
  elif [[ $1 == jdk || $1 == java ]]; then
    printf ': Debian %s has none. Unpack one (for instance Eclipse Temurin 25, https://adoptium.net) under /usr/lib/jvm' \
      "$(os_release VERSION_ID)"
  fi
}

backports() { printf '%s-backports' "$(os_release VERSION_CODENAME)"; }

# needs_backports NEED: Debian 12 has LibreOffice 7.4 and Go 1.19.
needs_backports() { [[ $1 == libreoffice || $1 == go ]] && (($(debian_release) < 13)); }

# debian_install NEED...: installs the packages of these needs. Ends the script where that fails, unless Docmill can do
# without all of them.
debian_install() {
  local need log of_need packages=() from_backports=() redis_is_new=false
  for need in "$@"; do
    if [[ -z $(debian_packages "$need") ]]; then
      # Said before anything is installed, because the rest is of no use without it.
      fail "missing: $(need_title "$need")$(install_hint "$need"), then call this again."
    fi
  done
  log=$(mktemp)
  # shellcheck disable=SC2064 # $log is this function's own and gone when the trap runs.
  trap "rm -f '$log'; allow_redis_to_start" EXIT
  for need in "$@"; do
    mapfile -t of_need < <(debian_packages "$need")
    say "installing $(need_title "$need"): ${of_need[*]}"
    if needs_backports "$need"; then
      add_backports "$need"
      from_backports+=("${of_need[@]}")
    else
      packages+=("${of_need[@]}")
    fi
  done
  if lists_are_old; then update_lists "$log" || true; fi
  if ! is_installed redis-server; then redis_is_new=true; fi
  keep_redis_from_starting
  if ((${#from_backports[@]} > 0)); then from_backports=(-t "$(backports)" "${from_backports[@]}"); fi
  if ! { apt_install "$log" "${packages[@]}" && apt_install "$log" "${from_backports[@]}"; }; then
    installation_failed "$log" "$@"
  fi
  if $redis_is_new; then disable_redis_service; fi
  allow_redis_to_start
  rm -f "$log"
  trap - EXIT
}

# Tries again with new lists, because old ones name versions that are no longer there. False where that fails as well,
# and the log says why.
apt_install() {
  local log=$1
  shift
  if (($# == 0)); then return; fi
  apt_get_install "$@" >"$log" 2>&1 || { update_lists "$log" && apt_get_install "$@" >"$log" 2>&1; }
}

# --no-remove: whatever is installed on the machine stays; where that can't be, apt says so and nothing is changed.
apt_get_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends --no-remove \
    -o DPkg::Lock::Timeout=300 "$@"
}

# Once is enough: what fails with lists of now fails for another reason. Says false then, and the log has that reason.
update_lists() {
  local log=$1
  if [[ -n ${LISTS_ARE_FRESH:-} ]]; then return 1; fi
  LISTS_ARE_FRESH=true
  as_root apt-get update -q >"$log" 2>&1
}

installation_failed() {
  local log=$1 need
  shift
  tail -n 20 "$log" >&2
  for need in "$@"; do
    if ! need_is_optional "$need"; then fail "apt-get failed: the lines above say why."; fi
  done
  say "apt-get failed, the lines above say why"
}

# unpack_packages DIRECTORY PACKAGE...: unpacks packages there, without installing them. Tries again with new lists where this
# may fetch them: a machine that had nothing to install may have none.
unpack_packages() {
  local directory=$1 package
  shift
  rm -rf "$directory"
  mkdir -p "$directory/packages"
  download_packages "$directory/packages" "$@" ||
    { can_install && as_root apt-get update -q && download_packages "$directory/packages" "$@"; } || return 1
  for package in "$directory"/packages/*.deb; do dpkg-deb -x "$package" "$directory" || return 1; done
  rm -rf "$directory/packages"
}

download_packages() {
  local directory=$1
  shift
  (cd "$directory" && apt-get -q -o "APT::Sandbox::User=$(id -un)" download "$@")
}

# True where apt has no lists, they are older than a week, or a source was added since.
lists_are_old() {
  local lists=/var/lib/apt/lists
  [[ -z $(find "$lists" -maxdepth 1 -name '*_Packages*' -print -quit 2>/dev/null) ]] ||
    [[ -z $(find "$lists" -maxdepth 1 -mtime -7 -print -quit 2>/dev/null) ]] ||
    [[ $BACKPORTS_FILE -nt $lists/partial ]]
}

# add_backports NEED: adds this release's backports for it, from the mirror that the machine already uses.
add_backports() {
  local mirror
  # shellcheck disable=SC2016 # apt-get fills these in, not the shell.
  if apt-get indextargets --format '$(RELEASE)' 'Created-By: Packages' | grep -qx "$(backports)"; then return; fi
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $(os_release VERSION_CODENAME)" |
    sed -n 1p)
  if [[ -z $mirror ]]; then
    fail "Debian $(os_release VERSION_ID) has nothing new enough for $(need_title "$1"). Add $(backports) to apt's sources, then call this again."
  fi
  say "adding $(backports) to apt's sources ($BACKPORTS_FILE), because Debian $(os_release VERSION_ID) has nothing new enough for $(need_title "$1")"
  as_root tee "$BACKPORTS_FILE" >/dev/null <<SOURCES
# Written by Docmill's set-up for LibreOffice and Go. Packages of it are installed only when asked for.
Types: deb
URIs: $mirror
Suites: $(backports)
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
}

# Docmill starts a Redis of its own where it needs one; the package's service would take port 6379 of this machine. So
# for the time of the installation Debian's policy-rc.d refuses to start it, unless the machine has such a policy
# already. See /usr/share/doc/init-system-helpers/README.policy-rc.d.gz.
keep_redis_from_starting() {
  if [[ -e $REDIS_POLICY ]]; then return; fi
  as_root tee "$REDIS_POLICY" >/dev/null <<'POLICY'
#!/bin/sh
# Written by Docmill's set-up for the time of its installation; remove it if it is still here afterwards.
case "$1" in redis*) exit 101 ;; esac
exit 0
POLICY
  as_root chmod 755 "$REDIS_POLICY"
}

allow_redis_to_start() {
  if grep -qs "Docmill's set-up" "$REDIS_POLICY"; then as_root rm -f "$REDIS_POLICY"; fi
}

# Only for a redis-server that was installed just now: one that was there before is somebody's, and stays as it is.
disable_redis_service() {
  if ! is_installed redis-server; then return; fi
  if [[ -d /run/systemd/system ]]; then
    as_root systemctl --quiet disable --now redis-server.service || say "could not disable the service redis-server"
  elif command -v update-rc.d >/dev/null; then
    as_root update-rc.d redis-server disable >/dev/null 2>&1 || true
  fi
}
