# What the rig builds or fetches once: each function fills the FOLDER that it is given
# (see "cached" in lib.sh). Sourced by up.sh.
# shellcheck shell=bash

SUITE=bookworm # the node's Debian: systemd 252, as 256 and later refuse cgroup v1
NODE_PACKAGES=(systemd systemd-sysv runc iproute2 iptables nftables conntrack ethtool socat kmod
  procps mount util-linux libseccomp2 ca-certificates)

# The package mirror that this machine's apt uses, asked at run time.
mirror() {
  local codename
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  # shellcheck disable=SC2016 # apt's own variable
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Release: $codename" | head -n 1
}

# kind itself, and for the nodes containerd 2 (this Kubernetes wants it, Debian 12 has
# 1.6) and the CNI plugins, all from Debian sid: they need no newer libc than 2.34.
fetch_debs() { # FOLDER
  local out=$1 apt=$1/apt log=$CACHE/log/debs
  # an apt state of its own: the system stays the Debian that it is
  mkdir -p "$apt"/lists/partial "$apt"/cache/archives/partial
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) sid main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "-";
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
CONF
  (
    export APT_CONFIG=$apt/apt.conf
    cd "$out"
    apt-get -qq update && apt-get -qq download kind containerd containernetworking-plugins
  ) >"$log" 2>&1 || cannot "apt cannot fetch kind and containerd from Debian sid: see $log, and connect this machine to its Debian mirror."
  rm -rf "$apt"
  dpkg -x "$out"/kind_*.deb "$out/x"
  install -m 755 "$out/x/usr/bin/kind" "$out/kind"
  rm -r "$out/x"
}

# Modules first, so that a proxy out of reach is told from code that does not build.
go_build() { # MODULE FOLDER LDFLAGS PACKAGE...
  local module=$1 out=$2 flags=$3 log=$CACHE/log/go-$(basename "$1")
  shift 3
  (cd "$module" && go list -deps "$@") >"$log" 2>&1 ||
    cannot "Go cannot fetch the modules of $module: see $log, and connect this machine to its Go module proxy."
  (cd "$module" && nice -n 10 go build -trimpath -ldflags "-s -w $flags" -o "$out/" "$@") >"$log" 2>&1 ||
    broken "go build failed in $module" "$log"
}

build_programs() { # FOLDER
  go_build programs "$1" '' ./...
}

build_kube() { # FOLDER
  local version flags='' package
  version=$(awk '$1 == "k8s.io/kubernetes" {print $2}' modules/kube/go.mod)
  local numbers=${version#v1.}
  # built as a module they know no version, and kubeadm names the images by its own
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=${numbers%%.*}"
    flags+=" -X $package.gitTreeState=clean -X $package.gitCommit=module -X $package.buildDate=1970-01-01T00:00:00Z"
  done
  go_build modules/kube "$1" "$flags" k8s.io/kubernetes/cmd/{kubelet,kubeadm,kubectl,kube-apiserver,kube-controller-manager,kube-scheduler,kube-proxy}
}

build_etcd() { # FOLDER
  go_build modules/etcd "$1" '' go.etcd.io/etcd/server/v3
  mv "$1/server" "$1/etcd" # Go names it by the folder
}

# Taken from the same folders of the cache by test/kube/rig: another key of one of them would empty it for the other.
cached_kube() {
  cached kube "$(key modules/kube "$(declare -f go_build build_kube)" "$(go env GOVERSION)")" build_kube
}

cached_etcd() {
  cached etcd "$(key modules/etcd "$(declare -f go_build build_etcd)" "$(go env GOVERSION)")" build_etcd
}

build_coredns() { # FOLDER
  go_build modules/coredns "$1" '' .
}

# The node's root file system before anything of Kubernetes is in it.
build_base() { # FOLDER
  local out=$1 log=$CACHE/log/debootstrap packages
  packages=$(IFS=,; echo "${NODE_PACKAGES[*]}")
  debootstrap --variant=minbase --include="$packages" "$SUITE" "$out/root" "$(mirror)" >"$log" 2>&1 ||
    broken "debootstrap could not lay out Debian $SUITE" "$log"
  (
    cd "$out/root"
    rm -rf var/cache/apt/* var/lib/apt/lists/* var/log/* usr/share/{doc,man,locale,info,lintian,bug,zoneinfo}
  )
  tar -C "$out/root" --numeric-owner -c . | zstd -q -T0 -3 -o "$out/root.tar.zst"
  rm -rf "$out/root"
}
