/* The matrix product in a browser: c[m,n] = a[m,k] @ b[k,n] in float32, for WebAssembly with SIMD.
   NumPy has no BLAS there and is 5 to 80 times slower. wasm.py calls it. After a change, here:
   clang-14 --target=wasm32-unknown-emscripten -O3 -msimd128 -fPIC -ffreestanding -nostdlib \
     -fvisibility=hidden -Wl,-shared,--experimental-pic,--strip-all sgemm.c -o sgemm.so
   Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008: blocks of a and b
   are packed so that the innermost loop reads memory in order, and a block of c stays in registers. */
#include <wasm_simd128.h>

enum { KC = 256, MC = 96, NC = 512, MR = 4, NR = 8 }; /* work holds MC * KC + KC * NC floats */

static int least(int x, int y) { return x < y ? x : y; }

/* c[m,n] = or += a[MR,k] @ b[k,NR], packed; only m <= MR rows and n <= NR columns are stored. */
static void tile(int k, const float *a, const float *b, float *c, int ldc, int m, int n, int add) {
    v128_t sum[MR][2];
    float kept[MR * NR];
    for (int i = 0; i < MR; i++) sum[i][0] = sum[i][1] = wasm_f32x4_splat(0);
    for (int p = 0; p < k; p++, a += MR, b += NR) {
        v128_t left = wasm_v128_load(b), right = wasm_v128_load(b + 4);
#pragma clang loop unroll(full)
        for (int i = 0; i < MR; i++) {
            v128_t x = wasm_v128_load32_splat(a + i);
            sum[i][0] = wasm_f32x4_add(sum[i][0], wasm_f32x4_mul(x, left));
            sum[i][1] = wasm_f32x4_add(sum[i][1], wasm_f32x4_mul(x, right));
        }
    }
    int whole = m == MR && n == NR;
    float *to = whole ? c : kept;
    int step = whole ? ldc : NR;
    for (int i = 0; i < MR; i++)
        for (int j = 0; j < 2; j++) {
            float *at = to + i * step + 4 * j;
            v128_t old = whole && add ? wasm_v128_load(at) : wasm_f32x4_splat(0);
            wasm_v128_store(at, wasm_f32x4_add(sum[i][j], old));
        }
    if (!whole)
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
                c[i * ldc + j] = kept[i * NR + j] + (add ? c[i * ldc + j] : 0);
}

/* Copy from[k,n] (step floats from p to p + 1, across from j to j + 1) into panels [k,width]. */
static void pack(int k, int n, int width, const float *from, int step, int across, float *to) {
    for (int j = 0; j < n; j += width) {
        const float *at = from + j * across;
        int whole = n - j >= width && across == 1;
        for (int p = 0; p < k; p++, at += step, to += width)
            for (int q = 0; q < width; q += 4)
                if (whole)
                    wasm_v128_store(to + q, wasm_v128_load(at + q));
                else
                    for (int r = q; r < q + 4; r++) to[r] = j + r < n ? at[r * across] : 0;
    }
}

/* ar, ac, br, bc: the strides of rows and columns, ldc: of c's rows, all in floats. */
__attribute__((visibility("default")))
void sgemm(int m, int n, int k, const float *a, int ar, int ac, const float *b, int br, int bc,
           float *c, int ldc, float *work) {
    float *pa = work, *pb = work + MC * KC;
    for (int j0 = 0; j0 < n; j0 += NC)
        for (int p0 = 0; p0 < k; p0 += KC) {
            int nc = least(n - j0, NC), kc = least(k - p0, KC);
            pack(kc, nc, NR, b + p0 * br + j0 * bc, br, bc, pb);
            for (int i0 = 0; i0 < m; i0 += MC) {
                int mc = least(m - i0, MC);
                pack(kc, mc, MR, a + i0 * ar + p0 * ac, ac, ar, pa);
                for (int j = 0; j < nc; j += NR)
                    for (int i = 0; i < mc; i += MR)
                        tile(kc, pa + i * kc, pb + j * kc, c + (i0 + i) * ldc + j0 + j, ldc,
                             least(mc - i, MR), least(nc - j, NR), p0 > 0);
            }
        }
}
