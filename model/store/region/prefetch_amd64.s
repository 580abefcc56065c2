#include "textflag.h"

// func prefetch(p unsafe.Pointer)
TEXT ·prefetch(SB), NOSPLIT, $0-8
	MOVQ p+0(FP), AX
	PREFETCHT0 (AX)
	RET

// func prefetchAll(addresses []uintptr)
TEXT ·prefetchAll(SB), NOSPLIT, $0-24
	MOVQ addresses_base+0(FP), AX
	MOVQ addresses_len+8(FP), CX
	TESTQ CX, CX
	JZ   done
next:
	MOVQ (AX), DX
	PREFETCHT0 (DX)
	ADDQ $8, AX
	DECQ CX
	JNZ  next
done:
	RET
