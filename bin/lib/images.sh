# shellcheck shell=bash
# Builds the images of gateway and worker by images/Dockerfile. Jars are made here, by the same build as everything else:
# a build of an image needs Debian's packages and nothing else.

IMAGES_USAGE='Usage: docmill images [--base IMAGE] [--name PREFIX] [--tag TAG] [--platform PLATFORM] [--fresh]

Builds the images PREFIX/api-gateway:TAG and PREFIX/conversion-worker:TAG with the Docker that runs here.

  --base IMAGE         a Debian 13 to build on (debian:trixie-slim)
  --name PREFIX        what their names begin with, a registry included (docmill)
  --tag TAG            their tag (the version of Docmill)
  --platform PLATFORM  such as linux/arm64, where Docker can build for another one
  --fresh              takes nothing of earlier builds, and the base from its registry (docker build --no-cache --pull):
                       otherwise layers with packages of Debian are used again however old they are, without the
                       security updates since'

# What Debian 13 has it in; its docker.io is the daemon alone.
DOCKER_HINT="On Debian 13: apt-get install docker.io docker-cli docker-buildx docker-compose. Who calls this must be root or in the group docker."

# need_docker: ends the script where no Docker answers, or one that can't build.
need_docker() {
  docker version >/dev/null 2>&1 || fail "no Docker answers here (docker version). $DOCKER_HINT"
  docker buildx version >/dev/null 2>&1 || fail "Docker has no BuildKit here (docker buildx version). $DOCKER_HINT"
}

# The stages that fetch packages, each with the image that is built first: what both have in common is made once, and is one layer.
declare -A STAGES_OF_PACKAGES=([api-gateway]="java,runtime" [conversion-worker]="office,fork-server")

# images [OPTION...]: builds both.
images() {
  local base=debian:trixie-slim name=docmill tag="" options=() stages=() fresh=false context=$DOCMILL_HOME/target/images image
  while (($# > 0)); do
    case $1 in
      --base | --name | --tag | --platform)
        (($# > 1)) || images_misused "$1 needs a value."
        case $1 in
          --base) base=$2 ;;
          --name) name=$2 ;;
          --tag) tag=$2 ;;
          --platform) options+=(--platform "$2") ;;
        esac
        shift 2
        ;;
      --fresh)
        fresh=true
        options+=(--pull)
        shift
        ;;
      -h | --help)
        printf '%s\n' "$IMAGES_USAGE"
        exit
        ;;
      *) images_misused "there is no option $1." ;;
    esac
  done
  need_docker
  setup jdk
  is_built || locked build
  locked stage_images "$context"
  for image in api-gateway conversion-worker; do
    if $fresh; then stages=(--no-cache-filter "${STAGES_OF_PACKAGES[$image]}"); fi
    say "building $name/$image:${tag:=$(docmill_version)} on $base ..."
    DOCKER_BUILDKIT=1 docker build "${options[@]}" "${stages[@]}" --build-arg "BASE=$base" --target "$image" \
      --label "org.opencontainers.image.version=$tag" --label "org.opencontainers.image.licenses=Apache-2.0" \
      --tag "$name/$image:$tag" --file "$DOCMILL_HOME/images/Dockerfile" "$context" >&2 ||
      fail "the image $name/$image could not be built: Docker's lines above say why."
    printf '%s/%s:%s\n' "$name" "$image" "$tag"
  done
}

images_misused() {
  say "$1"
  printf '%s\n' "$IMAGES_USAGE" >&2
  exit 2
}

# The version of Docmill, by its pom.
docmill_version() { sed -n 's:^  <version>\(.*\)</version>$:\1:p' "$DOCMILL_HOME/pom.xml"; }

# stage_images DIRECTORY: lays out what the Dockerfile copies. Libraries of others lie apart from Docmill's own modules: they
# change less often, and so the layer with them.
stage_images() {
  local context=$1 module target jar library version
  version=$(docmill_version)
  rm -rf "$context"
  mkdir -p "$context"
  cp -a "$DOCMILL_HOME/images/bin" "$context/bin"
  mkdir "$context/fork-server"
  cp -a "$DOCMILL_HOME/fork-server/Makefile" "$DOCMILL_HOME/fork-server/src" "$context/fork-server"
  for module in api-gateway conversion-worker; do
    target=$DOCMILL_HOME/$module/target
    mkdir -p "$context/$module"/{libraries,modules}
    for jar in $(class_path "$target/$module.jar"); do
      library=${jar##*/}
      if [[ $library == *-"$version".jar && -d $DOCMILL_HOME/${library%"-$version.jar"} ]]; then
        cp -p "$target/$jar" "$context/$module/modules"
      else
        cp -p "$target/$jar" "$context/$module/libraries"
      fi
    done
    cp -p "$target/$module.jar" "$context/$module"
  done
}

# class_path JAR: what its manifest asks for. The directory beside it may hold libraries of earlier builds too.
class_path() {
  local directory
  directory=$(mktemp -d)
  (cd "$directory" && "$JAVA_HOME/bin/jar" --extract --file "$1" META-INF/MANIFEST.MF)
  # A manifest breaks its lines after 72 bytes.
  tr -d '\r' <"$directory/META-INF/MANIFEST.MF" | sed -e ':line' -e 'N' -e '$!b line' -e 's/\n //g' | sed -n 's/^Class-Path: //p'
  rm -rf "$directory"
}
