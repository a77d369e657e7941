# Sourced by the scripts that build and test: goes to the top of the repository, makes a folder for the run ($scratch,
# removed at its end) and sets what every dotnet and npm command of the run needs.
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 2
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

# The package clients keep settings and caches under HOME; an account that has none gets an empty one for this run.
if [[ -z "${HOME:-}" ]]; then
  HOME=$(getent passwd "$EUID" | cut -d: -f6)
fi
if [[ ! -d "$HOME" || ! -w "$HOME" ]]; then
  printf '%s: HOME is not a folder that can be written; using a temporary one\n' "$0" >&2
  HOME="$scratch/home"
  mkdir -p "$HOME"
fi
export HOME

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Build nodes that outlive the run would keep its output open.
export MSBUILDDISABLENODEREUSE=1
