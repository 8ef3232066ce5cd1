# shellcheck shell=bash
# Finds a Java that runs Docmill. Nobody sets JAVA_HOME by hand.

OLDEST_JAVA=25

# find_java java|javac: exports JAVA_HOME, the home of the first Java that is new enough and has this program, out of
# JAVA_HOME, the PATH, and /usr/lib/jvm with the version that Docmill is developed with first. False if there is none.
find_java() {
  local program=$1 on_path home
  on_path=$(command -v java || true)
  for home in ${JAVA_HOME:+"$JAVA_HOME"} ${on_path:+"$(dirname "$(dirname "$(readlink -f "$on_path")")")"} \
    /usr/lib/jvm/*"$OLDEST_JAVA"* /usr/lib/jvm/*; do
    if [[ -x $home/bin/java && -x $home/bin/$program ]] && (($(java_version "$home") >= OLDEST_JAVA)); then
      export JAVA_HOME=$home
      return 0
    fi
  done
  return 1
}

# The feature version (25) of the Java in this home, 0 if it can't be told. A JDK says it in its file `release`.
java_version() {
  local home=$1 line
  if [[ -r $home/release ]]; then
    while IFS= read -r line; do
      if [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]]; then
        echo "${BASH_REMATCH[1]}"
        return
      fi
    done <"$home/release"
  fi
  line=$("$home/bin/java" -version 2>&1 || true)
  if [[ $line =~ version\ \"([0-9]+) ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}
