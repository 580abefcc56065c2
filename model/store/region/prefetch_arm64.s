#include "textflag.h"

// func prefetch(p unsafe.Pointer)
TEXT ·prefetch(SB), NOSPLIT, $0-8
	MOVD p+0(FP), R0
	PRFM (R0), PSTL1KEEP
	RET

// func prefetchAll(addresses []uintptr)
TEXT ·prefetchAll(SB), NOSPLIT, $0-24
	MOVD addresses_base+0(FP), R0
	MOVD addresses_len+8(FP), R1
	CBZ  R1, done
next:
	MOVD (R0), R2
	PRFM (R2), PSTL1KEEP
	ADD  $8, R0
	SUB  $1, R1
	CBNZ R1, next
done:
	RET
