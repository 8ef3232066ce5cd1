# shellcheck shell=bash
# `bin/test containers`: the built images against containers of Kafka, Redis and the store, and docker-compose.yml itself.
# Images of others come from their registries. Where those can't be reached they are replaced by stand-ins
# (images/stand-ins), which is said, and so is what has none.

# The service of docker-compose.yml, and the variable that names its image there.
declare -A STAND_INS=([kafka]=KAFKA_IMAGE [redis]=REDIS_IMAGE [store]=STORE_IMAGE [prometheus]=PROMETHEUS_IMAGE)

# What they and Docmill's own images are built on then. It has no official name: what is built later would take it for that image.
STAND_IN_BASE=docmill-stand-in/debian

# What removes the containers of tests that were killed; the version is that of Testcontainers.
RYUK=testcontainers/ryuk:0.14.0

# provide_images: has every image of docker-compose.yml here, and tells the tests which by DOCMILL_TEST_IMAGES.
provide_images() {
  local base=debian:trixie-slim
  need_docker
  docker compose version >/dev/null 2>&1 || fail "Docker has no compose here (docker compose version). $DOCKER_HINT"
  if ! has_image "$base"; then
    say "no registry has $base for us: building on a stand-in, $STAND_IN_BASE"
    base=$STAND_IN_BASE
    docker image inspect "$base" >/dev/null 2>&1 || make_base "$base" || fail "there is no image $base, so nothing of the containers was tested."
  fi
  if ! has_image "$RYUK"; then
    say "no registry has $RYUK for us: after a test that is killed, containers have to be removed by hand"
    export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_CHECKS_DISABLE=true
  fi
  "$DOCMILL_HOME/bin/docmill" images --base "$base" >/dev/null
  local service image images=()
  for service in api-gateway conversion-worker kafka redis store prometheus grafana; do
    image=$(compose_image "$service")
    if ! has_image "$image"; then
      if [[ -z ${STAND_INS[$service]:-} ]]; then
        say "NOT TESTED: $service. Its image $image can't be had here, and it has no stand-in."
        continue
      fi
      build_stand_in "$service" "$base"
      image=docmill-stand-in/$service
      export "${STAND_INS[$service]}=$image"
    fi
    images+=("$service=$image")
  done
  export DOCMILL_TEST_IMAGES=${images[*]}
}

# has_image IMAGE: whether it is here, or can be fetched.
has_image() { docker image inspect "$1" >/dev/null 2>&1 || timeout 600 docker pull -q "$1" >/dev/null 2>&1; }

compose_image() {
  (cd "$DOCMILL_HOME" && docker compose config --format json) | jq -r --arg service "$1" '.services[$service].image'
}

# make_base IMAGE: Debian 13 from the mirror that apt uses, without what slim images lack too.
make_base() {
  local root mirror image=$1 status=0
  is_debian || return 1
  setup debootstrap
  say "making $image by debootstrap ..."
  # shellcheck disable=SC2016 # apt-get fills these in, not the shell.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $(os_release VERSION_CODENAME)" |
    sed -n 1p)
  root=$(mktemp -d)
  {
    as_root debootstrap --variant=minbase trixie "$root" "$mirror" >&2 &&
      as_root rm -rf "$root"/var/cache/apt/archives "$root"/var/lib/apt/lists "$root"/usr/share/man "$root"/usr/share/doc &&
      as_root mkdir -p "$root"/var/cache/apt/archives/partial "$root"/var/lib/apt/lists/partial &&
      as_root tar -C "$root" -c . | docker import --change 'CMD ["bash"]' - "$image" >/dev/null
  } || status=$?
  as_root rm -rf "$root"
  return "$status"
}

# build_stand_in SERVICE BASE
build_stand_in() {
  local service=$1 base=$2 context=$DOCMILL_HOME/target/stand-ins/$1
  say "no registry has $(compose_image "$service") for us: building a stand-in, $service of Debian's packages or Docmill's own build ..."
  rm -rf "$context"
  mkdir -p "$context"
  case $service in
    kafka)
      mkdir -p "$context/kafka/libraries"
      cp -p "$DOCMILL_HOME/images/stand-ins/kafka-run" "$context/kafka/run"
      local jar
      for jar in $(class_path "$DOCMILL_JAR"); do cp -p "$DOCMILL_HOME/launcher/target/$jar" "$context/kafka/libraries"; done
      # Docmill's own broker formats its disk without it.
      (cd "$DOCMILL_HOME" && mvn -B -ntp -q -N dependency:copy -Dartifact=net.sourceforge.argparse4j:argparse4j:0.7.0 \
        -DoutputDirectory="$context/kafka/libraries") >&2 || fail "a library of Kafka could not be fetched: Maven's lines above say why."
      ;;
    store)
      start_building_stores minio mc
      await_stores
      mkdir -p "$context/store"
      cp -L "$DOCMILL_CACHE/bin/minio" "$DOCMILL_CACHE/bin/mc" "$context/store"
      ;;
  esac
  DOCKER_BUILDKIT=1 docker build --build-arg "BASE=$base" --target "$service" --tag "docmill-stand-in/$service" \
    --file "$DOCMILL_HOME/images/stand-ins/Dockerfile" "$context" >&2 || fail "the stand-in for $service could not be built: Docker's lines above say why."
}

# test_containers: the tests whose names end in CT.
test_containers() {
  provide_images
  cd "$DOCMILL_HOME" || exit
  export DOCMILL_BUILD=skip
  mvn -B -ntp verify -pl system-tests -am -Dtest=none -Dit.test='*CT' \
    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
}
