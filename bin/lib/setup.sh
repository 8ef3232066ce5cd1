# shellcheck shell=bash
# Finds what Docmill needs on this machine and installs what is missing, with one line for each thing. Sourced by
# bin/docmill and bin/test, which call `setup` with the needs of what they are about to do. Where all is there this
# takes some hundredths of a second: it looks at files and starts nothing that is slow.

# shellcheck source-path=SCRIPTDIR source=jdk.sh
. "${BASH_SOURCE[0]%/*}/jdk.sh"
# shellcheck source-path=SCRIPTDIR source=debian.sh
. "${BASH_SOURCE[0]%/*}/debian.sh"

# What takes minutes to build or to fetch, for all checkouts of this machine. It may be deleted at any time.
DOCMILL_CACHE=${DOCMILL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/docmill}

# What is needed for what.
# shellcheck disable=SC2034 # Used by the scripts that source this one.
{
  NEEDS_TO_BUILD=(jdk maven certificates)
  NEEDS_TO_RUN=(libreoffice pdftoppm redis bubblewrap setpriv ps certificates curl
    font-liberation font-carlito font-caladea font-dejavu font-noto font-noto-cjk)
  NEEDS_TO_TEST=(shellcheck jq)
}

# LibreOffice 24.8 is the oldest that Docmill drives: older ones lack export options that the API offers.
OLDEST_LIBREOFFICE=24.8

# What a person calls a need, when it is installed or missing.
need_title() {
  case $1 in
    java) echo "Java 25 or newer" ;;
    jdk) echo "a JDK 25 or newer (with javac)" ;;
    maven) echo "Maven (mvn)" ;;
    libreoffice) echo "LibreOffice $OLDEST_LIBREOFFICE or newer with Writer, Calc, Impress and Draw" ;;
    pdftoppm) echo "Poppler's pdftoppm, which draws pages" ;;
    redis) echo "Redis (redis-server)" ;;
    bubblewrap) echo "Bubblewrap (bwrap), the sandbox" ;;
    setpriv) echo "util-linux (setpriv)" ;;
    ps) echo "procps (ps)" ;;
    curl) echo "curl" ;;
    certificates) echo "the root certificates" ;;
    font-liberation) echo "the Liberation fonts, which stand in for Arial, Times New Roman and Courier New" ;;
    font-carlito) echo "the Carlito font, which stands in for Calibri" ;;
    font-caladea) echo "the Caladea font, which stands in for Cambria" ;;
    font-dejavu) echo "the DejaVu fonts" ;;
    font-noto) echo "the Noto fonts" ;;
    font-noto-cjk) echo "the Noto fonts for Chinese, Japanese and Korean" ;;
    shellcheck) echo "ShellCheck" ;;
    jq) echo "jq, which the examples of the API guide use" ;;
    openssl) echo "OpenSSL, which makes the keys of the Kubernetes that k8s/ is tested with" ;;
    compiler) echo "g++ and make, which build the fork server" ;;
    debootstrap) echo "debootstrap, which makes a base for images where no registry can be reached" ;;
    go) echo "Go $OLDEST_GO or newer, which builds the stores that the storage tests need, and Kubernetes for k8s/" ;;
  esac
}

# Whether Docmill can do without a need: documents look worse without a font, downloads may fail without certificates,
# but neither is certain (fonts and certificates may be where we do not look).
need_is_optional() {
  case $1 in
    font-* | certificates | curl | compiler) return 0 ;;
    *) return 1 ;;
  esac
}

need_is_met() {
  case $1 in
    java) find_java java ;;
    jdk) find_java javac ;;
    maven) command -v mvn >/dev/null ;;
    libreoffice) has_libreoffice ;;
    pdftoppm) command -v pdftoppm >/dev/null ;;
    redis) command -v redis-server >/dev/null ;;
    bubblewrap) command -v bwrap >/dev/null ;;
    setpriv) command -v setpriv >/dev/null ;;
    ps) command -v ps >/dev/null ;;
    curl) command -v curl >/dev/null ;;
    certificates) [[ -s /etc/ssl/certs/ca-certificates.crt || -s /etc/pki/tls/certs/ca-bundle.crt ]] ;;
    font-liberation) has_font LiberationSans-Regular.ttf ;;
    font-carlito) has_font Carlito-Regular.ttf ;;
    font-caladea) has_font Caladea-Regular.ttf ;;
    font-dejavu) has_font DejaVuSans.ttf ;;
    font-noto) has_font NotoSans-Regular.ttf ;;
    font-noto-cjk) has_font NotoSansCJK-Regular.ttc ;;
    shellcheck) command -v shellcheck >/dev/null ;;
    jq) command -v jq >/dev/null ;;
    openssl) command -v openssl >/dev/null ;;
    compiler) command -v g++ >/dev/null && command -v make >/dev/null ;;
    debootstrap) command -v debootstrap >/dev/null ;;
    go) find_go ;;
  esac
}

has_font() {
  if [[ -z ${FONT_FILES+set} ]]; then
    FONT_FILES=$(find /usr/share/fonts /usr/local/share/fonts ~/.fonts ~/.local/share/fonts \
      -name '*-Regular.tt[fc]' -printf '/%f/' -o -name 'DejaVuSans.ttf' -printf '/%f/' 2>/dev/null || true)
  fi
  [[ $FONT_FILES == */"$1"/* ]]
}

# Looks where JODConverter looks. The version comes from a file, because asking soffice takes a second.
has_libreoffice() {
  local on_path home
  on_path=$(command -v soffice || true)
  for home in ${on_path:+"$(dirname "$(readlink -f "$on_path")")/.."} \
    /usr/lib/libreoffice /usr/lib64/libreoffice /opt/libreoffice*; do
    if is_libreoffice "$home"; then return 0; fi
  done
  return 1
}

is_libreoffice() {
  local home=$1 line version="" application
  [[ -x $home/program/soffice.bin && -r $home/program/bootstraprc ]] || return 1
  while IFS= read -r line; do
    if [[ $line =~ ^ProductKey=.*[[:space:]]([0-9]+\.[0-9]+) ]]; then version=${BASH_REMATCH[1]}; fi
  done <"$home/program/bootstraprc"
  [[ -n $version ]] || return 1
  ((${version%.*} * 100 + ${version#*.} >= ${OLDEST_LIBREOFFICE%.*} * 100 + ${OLDEST_LIBREOFFICE#*.})) || return 1
  for application in writer calc impress draw; do
    [[ -e $home/share/registry/$application.xcd ]] || return 1
  done
  [[ -d $home/share/config/soffice.cfg/modules/swriter ]]
}

say() { printf 'docmill: %s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

# setup NEED...: returns when every need is met, otherwise says what is missing and ends the script with 1.
setup() {
  local need missing=()
  for need in "$@"; do
    if ! need_is_met "$need"; then missing+=("$need"); fi
  done
  if ((${#missing[@]} > 0)); then supply "${missing[@]}"; fi
}

supply() {
  local need missing=()
  if can_install; then debian_install "$@"; fi
  unset FONT_FILES
  hash -r
  for need in "$@"; do
    if need_is_met "$need"; then
      continue
    elif need_is_optional "$need"; then
      say "going on without $(need_title "$need")$(install_hint "$need")"
    else
      missing+=("$need")
    fi
  done
  if ((${#missing[@]} == 0)); then return 0; fi
  for need in "${missing[@]}"; do
    say "missing: $(need_title "$need")$(install_hint "$need")"
  done
  if ! is_debian; then
    say "only Debian 12 and 13 are set up by themselves. Install the above in your system's way, then call this again."
  elif ! can_install; then
    say "this needs root: call it once as root, or install the above with apt-get, then call this again."
  fi
  exit 1
}
