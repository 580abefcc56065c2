#include "textflag.h"

// func prefetch(p unsafe.Pointer)
TEXT ·prefetch(SB), NOSPLIT, $0-8
	MOVQ p+0(FP), AX
	BYTE $0x0F; BYTE $0x0D; BYTE $0x08 // PREFETCHW (AX), which the assembler does not know
	RET

// func prefetchAll(addresses []uintptr)
TEXT ·prefetchAll(SB), NOSPLIT, $0-24
	MOVQ addresses_base+0(FP), AX
	MOVQ addresses_len+8(FP), CX
	TESTQ CX, CX
	JZ   done
next:
	MOVQ (AX), DX
	BYTE $0x0F; BYTE $0x0D; BYTE $0x0A // PREFETCHW (DX)
	ADDQ $8, AX
	DECQ CX
	JNZ  next
done:
	RET
