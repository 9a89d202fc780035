// The rig's own small programs, standard library only.
module tandem.local/rig/programs

go 1.22
