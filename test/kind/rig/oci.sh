# Makes container images out of files, with no registry and no daemon: one OCI layout
# that "ctr images import" takes. Sourced by node-image.sh.
# shellcheck shell=bash
#
#   oci_begin FOLDER      then oci_layer / oci_image as often as needed, then
#   oci_end ARCHIVE       writes the layout as one tar and removes FOLDER

OCI='' # the layout's folder

oci_begin() { # FOLDER
  OCI=$1
  rm -rf "$OCI"
  mkdir -p "$OCI/blobs/sha256"
  echo '{"imageLayoutVersion":"1.0.0"}' >"$OCI/oci-layout"
}

# Moves FILE into the layout and prints "DIGEST SIZE".
oci_blob() { # FILE
  local sum size
  sum=$(sha256sum "$1" | cut -d ' ' -f 1)
  size=$(stat -c %s "$1")
  mv "$1" "$OCI/blobs/sha256/$sum"
  echo "sha256:$sum $size"
}

# Makes a layer of an uncompressed tar, which it removes, and prints "DIFF-ID DIGEST SIZE".
oci_layer() { # TAR
  local id
  id=$(sha256sum "$1" | cut -d ' ' -f 1)
  zstd -q -T0 -3 --rm -f "$1" -o "$1.zst"
  echo "sha256:$id $(oci_blob "$1.zst")"
}

# A layer with one program.
oci_program() { # FILE PATH-IN-IMAGE
  local tree=$OCI/tree
  install -D -m 755 "$1" "$tree$2"
  tar -C "$tree" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$OCI/layer.tar" .
  rm -rf "$tree"
  oci_layer "$OCI/layer.tar"
}

# Adds an image. ENTRYPOINT may be empty; each LAYER is a line of oci_layer.
oci_image() { # REF ENTRYPOINT LAYER...
  local ref=$1 entrypoint=$2 layers config manifest digest size
  shift 2
  layers=$(printf '%s\n' "$@" | jq -Rnc '[inputs | split(" ") | {id: .[0], digest: .[1], size: (.[2] | tonumber)}]')
  jq -nc --argjson layers "$layers" --arg entrypoint "$entrypoint" --arg arch "$(dpkg --print-architecture)" \
    '{architecture: $arch, os: "linux",
      config: ({Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}
        + if $entrypoint == "" then {} else {Entrypoint: [$entrypoint]} end),
      rootfs: {type: "layers", diff_ids: [$layers[].id]}}' >"$OCI/config"
  config=$(oci_blob "$OCI/config")
  read -r digest size <<<"$config"
  jq -nc --argjson layers "$layers" --arg digest "$digest" --argjson size "$size" \
    '{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: {mediaType: "application/vnd.oci.image.config.v1+json", $digest, $size},
      layers: [$layers[] | {mediaType: "application/vnd.oci.image.layer.v1.tar+zstd", digest, size}]}' >"$OCI/manifest"
  manifest=$(oci_blob "$OCI/manifest")
  read -r digest size <<<"$manifest"
  jq -nc --arg ref "$ref" --arg digest "$digest" --argjson size "$size" \
    '{mediaType: "application/vnd.oci.image.manifest.v1+json", $digest, $size,
      annotations: {"io.containerd.image.name": $ref}}' >>"$OCI/manifests"
}

oci_end() { # ARCHIVE
  jq -s '{schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests: .}' "$OCI/manifests" >"$OCI/index.json"
  tar -C "$OCI" -cf "$1" oci-layout index.json blobs
  rm -rf "$OCI"
}
