/* What Debian's Wine 8 lacks and a Windows 10 has: three libraries, just enough of each for tests.
 * They live in the Wine prefix only; installers/trim.py keeps them out of what is shipped. */
#include <stddef.h>

#ifdef BCRYPTPRIMITIVES
/* Every extension written in Rust asks for random bytes here. */
__declspec(dllimport) unsigned char SystemFunction036(void *buffer, unsigned long length); /* RtlGenRandom */
__declspec(dllexport) int ProcessPrng(unsigned char *buffer, size_t length)
{
    return SystemFunction036(buffer, (unsigned long)length) != 0;
}
#endif

#ifdef ICUUC
/* Qt converts odd encodings with these, and copes where there is no converter. */
#define FAILS(name) __declspec(dllexport) void *name(void) { return NULL; }
FAILS(ucnv_open) FAILS(ucnv_close) FAILS(UCNV_FROM_U_CALLBACK_SUBSTITUTE) FAILS(UCNV_TO_U_CALLBACK_SUBSTITUTE)
FAILS(ucnv_reset) FAILS(ucnv_getMaxCharSize) FAILS(ucnv_getName) FAILS(ucnv_getToUCallBack)
FAILS(ucnv_getFromUCallBack) FAILS(ucnv_setToUCallBack) FAILS(ucnv_setFromUCallBack)
FAILS(ucnv_cbToUWriteUChars) FAILS(ucnv_toUnicode) FAILS(ucnv_cbFromUWriteUChars) FAILS(ucnv_toUCountPending)
FAILS(ucnv_fromUCountPending) FAILS(ucnv_getStandardName) FAILS(ucnv_getAvailableName)
FAILS(ucnv_countAvailable) FAILS(ucnv_fromUnicode)
#endif

#ifdef MSCMS
/* Qt asks for the monitor's colour profile; "there is none" is an answer. */
#define FAILS(name) __declspec(dllexport) void *name(void) { return NULL; }
FAILS(OpenColorProfileW) FAILS(WcsCreateIccProfile) FAILS(CloseColorProfile) FAILS(GetColorProfileFromHandle)
#endif
