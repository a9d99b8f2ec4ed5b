#define FFI_SCOPE "NNOPEN"
#define FFI_LIB "libnnopen_c.so"
unsigned char *nnopen_ask(const char *question, size_t length, size_t *answer_length);
void nnopen_free(unsigned char *answer, size_t length);
