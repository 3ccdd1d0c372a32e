#!/bin/sh
# Puts a built and packaged site in the place of the one that is served, in one step:
#
#   hosting/deploy.sh dist /srv/rust-at-cncf
#
# The web server serves /srv/rust-at-cncf/current, a link to the newest release. Each release is
# whole before the link turns. It also holds the assets of every release that was served within the
# last day, so that a page that somebody has open still finds its own. Releases that were replaced
# more than a day ago are removed. Needs a POSIX shell and the GNU or BusyBox core utilities; run
# one at a time.
set -eu
umask 022

if [ $# -ne 2 ] || [ ! -f "$1/index.html" ]; then
  echo 'Usage: hosting/deploy.sh SITE TARGET (SITE is a built site, such as dist)' >&2
  exit 2
fi
site=$1
target=$2
# Folders of files whose names change with what is in them; see src/hosting/headers.ts.
assets='_astro pagefind'
day=1440 # in minutes

mkdir -p "$target/releases"
target=$(cd "$target" && pwd)
previous=$(readlink "$target/current" || true)

# A release is a folder: `site` is served; `own` lists the assets that it came with; `replaced`
# exists since another took its place.
release=$(mktemp -d "$target/releases/$(date -u +%Y%m%dT%H%M%SZ).XXXXXX")
trap 'rm -rf "$release"' EXIT
chmod 755 "$release"
mkdir "$release/site"
cp -r "$site/." "$release/site"
for folder in $assets; do
  if [ -d "$site/$folder" ]; then (cd "$site" && find "$folder" -type f); fi
done >"$release/own"

# A file that has not changed stays the same file: servers then give it the same tag, and readers who
# have it are not sent it again.
if [ -n "$previous" ]; then
  (cd "$release/site" && find . -type f) | while IFS= read -r file; do
    if cmp -s "$target/$previous/$file" "$release/site/$file"; then
      ln -f "$target/$previous/$file" "$release/site/$file"
    fi
  done
fi

if [ -n "$previous" ]; then touch "$target/${previous%/site}/replaced"; fi
for old in "$target"/releases/*/; do
  old=${old%/}
  [ "$old" != "$release" ] || continue
  # What was never served is what is left of a run that was broken off.
  if [ ! -f "$old/replaced" ] || [ -n "$(find "$old/replaced" -mmin +$day)" ]; then
    rm -rf "$old"
    continue
  fi
  while IFS= read -r file; do
    [ ! -e "$release/site/$file" ] || continue
    mkdir -p "$release/site/$(dirname "$file")"
    ln "$old/site/$file" "$release/site/$file"
  done <"$old/own"
done

ln -sfn "releases/$(basename "$release")/site" "$target/next"
# Renaming is the one step that readers see.
mv -T "$target/next" "$target/current"
trap - EXIT
echo "$target/current is now $(readlink "$target/current")"
