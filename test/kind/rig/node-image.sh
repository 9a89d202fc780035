# Builds the node image for kind out of BASE, KUBE, ETCD, COREDNS, PROGRAMS and DEBS
# (folders of the cache that up.sh has filled). Sourced by up.sh.
# shellcheck shell=bash disable=SC2153

# Units that a container must not run: they would reach through to the host's kernel
# (sysctl, modules, udev, binfmt, kernel mounts) or find nothing to do.
MASKED=(systemd-sysctl.service systemd-modules-load.service systemd-binfmt.service systemd-random-seed.service
  systemd-journald-audit.socket systemd-update-utmp.service systemd-tmpfiles-setup.service
  systemd-tmpfiles-setup-dev.service systemd-hwdb-update.service systemd-udevd.service systemd-udev-trigger.service
  systemd-logind.service systemd-pstore.service console-getty.service getty.target
  proc-sys-fs-binfmt_misc.automount dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount
  sys-kernel-config.mount sys-fs-fuse-connections.mount)

build_node_image() { # FOLDER
  local out=$1 work=$1/work
  mkdir -p "$work/root"
  zstd -qdc "$BASE/root.tar.zst" | tar -C "$work/root" --numeric-owner -x
  node_software "$work/root"
  node_systemd "$work/root"
  kubeadm_images "$work" "$work/images.tar"
  preload "$work" "$work/images.tar"
  docker_archive "$work" "$out/image.tar.zst"
  rm -rf "$work"
}

node_software() { # ROOT
  local root=$1 x=$1.debs deb plugin
  for deb in "$DEBS"/containerd_*.deb "$DEBS"/containernetworking-plugins_*.deb; do dpkg -x "$deb" "$x"; done
  install -m 755 "$x"/usr/bin/{containerd,containerd-shim-runc-v2,ctr} "$root/usr/bin/"
  for plugin in ptp host-local loopback portmap; do install -D -m 755 "$x/usr/lib/cni/$plugin" "$root/opt/cni/bin/$plugin"; done
  rm -rf "$x"
  install -m 755 "$KUBE"/{kubelet,kubeadm,kubectl} "$root/usr/bin/"
  install -D -m 755 "$PROGRAMS/runc-nores" "$root/usr/local/sbin/runc-nores"
  install -D -m 755 node/entrypoint "$root/usr/local/bin/entrypoint"
  cp -r node/etc/. "$root/etc/"
  mkdir -p "$root"/{etc/cni/net.d,etc/kubernetes/manifests,var/lib/kubelet,kind/manifests}
  # where kind looks for what it has to know and to apply
  "$KUBE/kubeadm" version -o short >"$root/kind/version"
  install -m 644 node/default-{cni,storage}.yaml "$root/kind/manifests/"
}

node_systemd() { # ROOT
  local units=$1/etc/systemd/system lib=$1/lib/systemd/system unit
  rm -f "$lib"/{multi-user,local-fs,basic}.target.wants/* "$lib"/sockets.target.wants/*{udev,initctl}* "$units"/*.wants/*
  for unit in "${MASKED[@]}"; do ln -sf /dev/null "$units/$unit"; done
  mkdir -p "$units/multi-user.target.wants"
  for unit in containerd kubelet; do ln -s "/etc/systemd/system/$unit.service" "$units/multi-user.target.wants/"; done
  ln -sf /lib/systemd/system/multi-user.target "$units/default.target"
  printf '[Journal]\nReadKMsg=no\nAudit=no\nStorage=volatile\nRuntimeMaxUse=16M\n' >"$1/etc/systemd/journald.conf"
  : >"$1/etc/machine-id"
  rm -f "$1"/etc/{hostname,resolv.conf}
}

named() { grep "/$1:" <<<"$KUBEADM_IMAGES"; } # NAME: the whole reference

# Every image that kubeadm will ask for, under the very names and tags, plus our own two.
kubeadm_images() { # WORK ARCHIVE
  local name net pause
  KUBEADM_IMAGES=$("$KUBE/kubeadm" config images list --kubernetes-version "$("$KUBE/kubeadm" version -o short)" 2>/dev/null)
  oci_begin "$1/oci"
  for name in kube-apiserver kube-controller-manager kube-scheduler; do
    oci_image "$(named "$name")" "/usr/local/bin/$name" "$(oci_program "$KUBE/$name" "/usr/local/bin/$name")"
  done
  oci_image "$(named etcd)" /usr/local/bin/etcd "$(oci_program "$ETCD/etcd" /usr/local/bin/etcd)"
  oci_image "$(named coredns)" /coredns "$(oci_program "$COREDNS/coredns" /coredns)"
  pause=$(named pause)
  oci_image "$pause" /pause "$(oci_program "$PROGRAMS/pause" /pause)"
  oci_image localhost/hello:dev /hello "$(oci_program "$PROGRAMS/hello" /hello)"
  net=$(net_layer "$1")
  # no entry point: kubeadm's manifest names the whole command
  oci_image "$(named kube-proxy)" '' "$net" "$(oci_program "$KUBE/kube-proxy" /usr/local/bin/kube-proxy)"
  oci_image localhost/podnet:dev /podnet "$net" "$(oci_program "$PROGRAMS/podnet" /podnet)"
  oci_end "$2"
  sed -i "s#@PAUSE@#$pause#" "$1/root/etc/containerd/config.toml"
}

# A layer with iptables, nft and ip out of the node's root, with exactly the libraries
# that they need, and that their modules need: without libm the "statistic" match fails,
# and then Services with two endpoints do, while everything looks healthy.
net_layer() { # WORK
  local root=$1/root tree=$1/net log=$CACHE/log/net files=(/usr/bin/ip /usr/sbin/nft /etc/protocols /etc/services) command
  for command in iptables ip6tables; do files+=("/usr/sbin/$command"{,-save,-restore}); done
  mapfile -t -O "${#files[@]}" files < <(cd "$root" && find usr/lib -path '*/xtables/*.so' -printf '/%p\n')
  mapfile -t -O "${#files[@]}" files < <(chroot "$root" ldd "${files[@]}" 2>/dev/null | grep -oE '/[^ :]+ \(0x' | cut -d ' ' -f 1 | sort -u)
  # -h: each name becomes the file behind its symlinks (equal ones become hard links)
  printf '.%s\n' "${files[@]}" | tar -C "$root" -ch --mtime=@0 --owner=0 --group=0 --numeric-owner -T - -f "$1/net.tar"
  mkdir "$tree"
  tar -C "$tree" -xf "$1/net.tar"
  for command in 'iptables -m statistic --help' 'nft --version' 'ip -V'; do
    # shellcheck disable=SC2086 # words
    chroot "$tree" $command >"$log" 2>&1 || broken "kube-proxy's tools are incomplete: $command" "$log"
  done
  rm -rf "$tree"
  oci_layer "$1/net.tar"
}

# Imports the images into the node's containerd by running that containerd here for a
# moment. They stay packed: each node's copy of /var is smaller, and a worker unpacks
# only what it runs.
preload() { # WORK ARCHIVE
  local root=$1/root state=$1/ctd log=$CACHE/log/preload pid ctr
  mkdir -p "$state"
  cat >"$state/config.toml" <<CONF
version = 3
root = '$root/var/lib/containerd'
state = '$state/state'
disabled_plugins = ['io.containerd.grpc.v1.cri', 'io.containerd.cri.v1.images', 'io.containerd.cri.v1.runtime', 'io.containerd.nri.v1.nri']
[grpc]
address = '$state/sock'
CONF
  "$root/usr/bin/containerd" -c "$state/config.toml" >"$log" 2>&1 &
  pid=$!
  ctr=("$root/usr/bin/ctr" -a "$state/sock")
  for _ in {1..50}; do
    ! "${ctr[@]}" version >/dev/null 2>&1 || break
    sleep 0.2
  done
  # the labels say that the kubelet's garbage collection must not take them
  "${ctr[@]}" -n k8s.io images import --no-unpack --label io.cri-containerd.image=managed \
    --label io.cri-containerd.pinned=pinned "$2" >>"$log" 2>&1 || { kill "$pid"; broken "containerd did not take the images" "$log"; }
  kill "$pid"
  wait "$pid" || true
}

# A docker archive by hand: "docker import" cannot set a stop signal, and systemd wants
# SIGRTMIN+3. "docker build" may lack its builder.
docker_archive() { # WORK ARCHIVE
  local a=$1/archive
  mkdir "$a"
  tar -C "$1/root" --numeric-owner --sort=name -cf "$a/layer.tar" .
  jq -n --arg id "sha256:$(sha256sum "$a/layer.tar" | cut -d ' ' -f 1)" \
    --arg arch "$(dpkg --print-architecture)" --arg now "$(date -u +%FT%TZ)" \
    '{architecture: $arch, os: "linux", created: $now, rootfs: {type: "layers", diff_ids: [$id]},
      config: {Entrypoint: ["/usr/local/bin/entrypoint", "/sbin/init"], StopSignal: "SIGRTMIN+3",
        Env: ["container=docker", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}}' >"$a/config.json"
  jq -n --arg name "$IMAGE" '[{Config: "config.json", RepoTags: [$name], Layers: ["layer.tar"]}]' >"$a/manifest.json"
  tar -C "$a" -c manifest.json config.json layer.tar | zstd -q -T0 -3 -o "$2"
}
