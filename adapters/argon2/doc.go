// Package argon2 hashes passwords by Argon2id (RFC 9106), which takes memory as well as time, so that who stole the
// hashes cannot guess on thousands of cores of a graphics card at once.
//
//	hasher := argon2.NewPasswordHasher(&argon2.Options{Former: system.NewPasswordHasher(nil)})
//
// A shop that hashed in another way before hands that hasher in as Former: it goes on verifying its own hashes, and each
// account gets one of Argon2id when its owner signs in next.
//
// Each hash takes 19 MiB while it is made. So a few are made at once, some wait, and more are refused: a flood of
// sign-ins slows sign-ins and takes neither the memory nor the processors of the shop.
package argon2
