/* Much of everything. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
struct s1 {
  __u64 a1;
  int b1[1];
} v1;
int c1 = 1;
const volatile short r1;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1);
  __type(key, int);
  __type(value, struct s1);
} m1 SEC(".maps");
SEC("raw_tp/sys_enter") int p1(void* ctx) {
  return c1++;
}
struct s2 {
  __u64 a2;
  int b2[2];
} v2;
int c2 = 2;
const volatile short r2;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 2);
  __type(key, int);
  __type(value, struct s2);
} m2 SEC(".maps");
SEC("raw_tp/sys_enter") int p2(void* ctx) {
  return c2++;
}
struct s3 {
  __u64 a3;
  int b3[3];
} v3;
int c3 = 3;
const volatile short r3;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 3);
  __type(key, int);
  __type(value, struct s3);
} m3 SEC(".maps");
SEC("raw_tp/sys_enter") int p3(void* ctx) {
  return c3++;
}
struct s4 {
  __u64 a4;
  int b4[4];
} v4;
int c4 = 4;
const volatile short r4;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 4);
  __type(key, int);
  __type(value, struct s4);
} m4 SEC(".maps");
SEC("raw_tp/sys_enter") int p4(void* ctx) {
  return c4++;
}
struct s5 {
  __u64 a5;
  int b5[5];
} v5;
int c5 = 5;
const volatile short r5;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 5);
  __type(key, int);
  __type(value, struct s5);
} m5 SEC(".maps");
SEC("raw_tp/sys_enter") int p5(void* ctx) {
  return c5++;
}
struct s6 {
  __u64 a6;
  int b6[6];
} v6;
int c6 = 6;
const volatile short r6;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 6);
  __type(key, int);
  __type(value, struct s6);
} m6 SEC(".maps");
SEC("raw_tp/sys_enter") int p6(void* ctx) {
  return c6++;
}
struct s7 {
  __u64 a7;
  int b7[7];
} v7;
int c7 = 7;
const volatile short r7;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 7);
  __type(key, int);
  __type(value, struct s7);
} m7 SEC(".maps");
SEC("raw_tp/sys_enter") int p7(void* ctx) {
  return c7++;
}
struct s8 {
  __u64 a8;
  int b8[8];
} v8;
int c8 = 8;
const volatile short r8;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 8);
  __type(key, int);
  __type(value, struct s8);
} m8 SEC(".maps");
SEC("raw_tp/sys_enter") int p8(void* ctx) {
  return c8++;
}
struct s9 {
  __u64 a9;
  int b9[9];
} v9;
int c9 = 9;
const volatile short r9;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 9);
  __type(key, int);
  __type(value, struct s9);
} m9 SEC(".maps");
SEC("raw_tp/sys_enter") int p9(void* ctx) {
  return c9++;
}
struct s10 {
  __u64 a10;
  int b10[10];
} v10;
int c10 = 10;
const volatile short r10;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 10);
  __type(key, int);
  __type(value, struct s10);
} m10 SEC(".maps");
SEC("raw_tp/sys_enter") int p10(void* ctx) {
  return c10++;
}
struct s11 {
  __u64 a11;
  int b11[11];
} v11;
int c11 = 11;
const volatile short r11;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 11);
  __type(key, int);
  __type(value, struct s11);
} m11 SEC(".maps");
SEC("raw_tp/sys_enter") int p11(void* ctx) {
  return c11++;
}
struct s12 {
  __u64 a12;
  int b12[12];
} v12;
int c12 = 12;
const volatile short r12;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 12);
  __type(key, int);
  __type(value, struct s12);
} m12 SEC(".maps");
SEC("raw_tp/sys_enter") int p12(void* ctx) {
  return c12++;
}
struct s13 {
  __u64 a13;
  int b13[13];
} v13;
int c13 = 13;
const volatile short r13;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 13);
  __type(key, int);
  __type(value, struct s13);
} m13 SEC(".maps");
SEC("raw_tp/sys_enter") int p13(void* ctx) {
  return c13++;
}
struct s14 {
  __u64 a14;
  int b14[14];
} v14;
int c14 = 14;
const volatile short r14;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 14);
  __type(key, int);
  __type(value, struct s14);
} m14 SEC(".maps");
SEC("raw_tp/sys_enter") int p14(void* ctx) {
  return c14++;
}
struct s15 {
  __u64 a15;
  int b15[15];
} v15;
int c15 = 15;
const volatile short r15;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 15);
  __type(key, int);
  __type(value, struct s15);
} m15 SEC(".maps");
SEC("raw_tp/sys_enter") int p15(void* ctx) {
  return c15++;
}
struct s16 {
  __u64 a16;
  int b16[16];
} v16;
int c16 = 16;
const volatile short r16;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16);
  __type(key, int);
  __type(value, struct s16);
} m16 SEC(".maps");
SEC("raw_tp/sys_enter") int p16(void* ctx) {
  return c16++;
}
struct s17 {
  __u64 a17;
  int b17[17];
} v17;
int c17 = 17;
const volatile short r17;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 17);
  __type(key, int);
  __type(value, struct s17);
} m17 SEC(".maps");
SEC("raw_tp/sys_enter") int p17(void* ctx) {
  return c17++;
}
struct s18 {
  __u64 a18;
  int b18[18];
} v18;
int c18 = 18;
const volatile short r18;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 18);
  __type(key, int);
  __type(value, struct s18);
} m18 SEC(".maps");
SEC("raw_tp/sys_enter") int p18(void* ctx) {
  return c18++;
}
struct s19 {
  __u64 a19;
  int b19[19];
} v19;
int c19 = 19;
const volatile short r19;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 19);
  __type(key, int);
  __type(value, struct s19);
} m19 SEC(".maps");
SEC("raw_tp/sys_enter") int p19(void* ctx) {
  return c19++;
}
struct s20 {
  __u64 a20;
  int b20[20];
} v20;
int c20 = 20;
const volatile short r20;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 20);
  __type(key, int);
  __type(value, struct s20);
} m20 SEC(".maps");
SEC("raw_tp/sys_enter") int p20(void* ctx) {
  return c20++;
}
struct s21 {
  __u64 a21;
  int b21[21];
} v21;
int c21 = 21;
const volatile short r21;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 21);
  __type(key, int);
  __type(value, struct s21);
} m21 SEC(".maps");
SEC("raw_tp/sys_enter") int p21(void* ctx) {
  return c21++;
}
struct s22 {
  __u64 a22;
  int b22[22];
} v22;
int c22 = 22;
const volatile short r22;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 22);
  __type(key, int);
  __type(value, struct s22);
} m22 SEC(".maps");
SEC("raw_tp/sys_enter") int p22(void* ctx) {
  return c22++;
}
struct s23 {
  __u64 a23;
  int b23[23];
} v23;
int c23 = 23;
const volatile short r23;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 23);
  __type(key, int);
  __type(value, struct s23);
} m23 SEC(".maps");
SEC("raw_tp/sys_enter") int p23(void* ctx) {
  return c23++;
}
struct s24 {
  __u64 a24;
  int b24[24];
} v24;
int c24 = 24;
const volatile short r24;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 24);
  __type(key, int);
  __type(value, struct s24);
} m24 SEC(".maps");
SEC("raw_tp/sys_enter") int p24(void* ctx) {
  return c24++;
}
struct s25 {
  __u64 a25;
  int b25[25];
} v25;
int c25 = 25;
const volatile short r25;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 25);
  __type(key, int);
  __type(value, struct s25);
} m25 SEC(".maps");
SEC("raw_tp/sys_enter") int p25(void* ctx) {
  return c25++;
}
struct s26 {
  __u64 a26;
  int b26[26];
} v26;
int c26 = 26;
const volatile short r26;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 26);
  __type(key, int);
  __type(value, struct s26);
} m26 SEC(".maps");
SEC("raw_tp/sys_enter") int p26(void* ctx) {
  return c26++;
}
struct s27 {
  __u64 a27;
  int b27[27];
} v27;
int c27 = 27;
const volatile short r27;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 27);
  __type(key, int);
  __type(value, struct s27);
} m27 SEC(".maps");
SEC("raw_tp/sys_enter") int p27(void* ctx) {
  return c27++;
}
struct s28 {
  __u64 a28;
  int b28[28];
} v28;
int c28 = 28;
const volatile short r28;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 28);
  __type(key, int);
  __type(value, struct s28);
} m28 SEC(".maps");
SEC("raw_tp/sys_enter") int p28(void* ctx) {
  return c28++;
}
struct s29 {
  __u64 a29;
  int b29[29];
} v29;
int c29 = 29;
const volatile short r29;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 29);
  __type(key, int);
  __type(value, struct s29);
} m29 SEC(".maps");
SEC("raw_tp/sys_enter") int p29(void* ctx) {
  return c29++;
}
struct s30 {
  __u64 a30;
  int b30[30];
} v30;
int c30 = 30;
const volatile short r30;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 30);
  __type(key, int);
  __type(value, struct s30);
} m30 SEC(".maps");
SEC("raw_tp/sys_enter") int p30(void* ctx) {
  return c30++;
}
struct s31 {
  __u64 a31;
  int b31[31];
} v31;
int c31 = 31;
const volatile short r31;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 31);
  __type(key, int);
  __type(value, struct s31);
} m31 SEC(".maps");
SEC("raw_tp/sys_enter") int p31(void* ctx) {
  return c31++;
}
struct s32 {
  __u64 a32;
  int b32[32];
} v32;
int c32 = 32;
const volatile short r32;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 32);
  __type(key, int);
  __type(value, struct s32);
} m32 SEC(".maps");
SEC("raw_tp/sys_enter") int p32(void* ctx) {
  return c32++;
}
struct s33 {
  __u64 a33;
  int b33[33];
} v33;
int c33 = 33;
const volatile short r33;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 33);
  __type(key, int);
  __type(value, struct s33);
} m33 SEC(".maps");
SEC("raw_tp/sys_enter") int p33(void* ctx) {
  return c33++;
}
struct s34 {
  __u64 a34;
  int b34[34];
} v34;
int c34 = 34;
const volatile short r34;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 34);
  __type(key, int);
  __type(value, struct s34);
} m34 SEC(".maps");
SEC("raw_tp/sys_enter") int p34(void* ctx) {
  return c34++;
}
struct s35 {
  __u64 a35;
  int b35[35];
} v35;
int c35 = 35;
const volatile short r35;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 35);
  __type(key, int);
  __type(value, struct s35);
} m35 SEC(".maps");
SEC("raw_tp/sys_enter") int p35(void* ctx) {
  return c35++;
}
struct s36 {
  __u64 a36;
  int b36[36];
} v36;
int c36 = 36;
const volatile short r36;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 36);
  __type(key, int);
  __type(value, struct s36);
} m36 SEC(".maps");
SEC("raw_tp/sys_enter") int p36(void* ctx) {
  return c36++;
}
struct s37 {
  __u64 a37;
  int b37[37];
} v37;
int c37 = 37;
const volatile short r37;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 37);
  __type(key, int);
  __type(value, struct s37);
} m37 SEC(".maps");
SEC("raw_tp/sys_enter") int p37(void* ctx) {
  return c37++;
}
struct s38 {
  __u64 a38;
  int b38[38];
} v38;
int c38 = 38;
const volatile short r38;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 38);
  __type(key, int);
  __type(value, struct s38);
} m38 SEC(".maps");
SEC("raw_tp/sys_enter") int p38(void* ctx) {
  return c38++;
}
struct s39 {
  __u64 a39;
  int b39[39];
} v39;
int c39 = 39;
const volatile short r39;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 39);
  __type(key, int);
  __type(value, struct s39);
} m39 SEC(".maps");
SEC("raw_tp/sys_enter") int p39(void* ctx) {
  return c39++;
}
struct s40 {
  __u64 a40;
  int b40[40];
} v40;
int c40 = 40;
const volatile short r40;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 40);
  __type(key, int);
  __type(value, struct s40);
} m40 SEC(".maps");
SEC("raw_tp/sys_enter") int p40(void* ctx) {
  return c40++;
}
struct s41 {
  __u64 a41;
  int b41[41];
} v41;
int c41 = 41;
const volatile short r41;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 41);
  __type(key, int);
  __type(value, struct s41);
} m41 SEC(".maps");
SEC("raw_tp/sys_enter") int p41(void* ctx) {
  return c41++;
}
struct s42 {
  __u64 a42;
  int b42[42];
} v42;
int c42 = 42;
const volatile short r42;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 42);
  __type(key, int);
  __type(value, struct s42);
} m42 SEC(".maps");
SEC("raw_tp/sys_enter") int p42(void* ctx) {
  return c42++;
}
struct s43 {
  __u64 a43;
  int b43[43];
} v43;
int c43 = 43;
const volatile short r43;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 43);
  __type(key, int);
  __type(value, struct s43);
} m43 SEC(".maps");
SEC("raw_tp/sys_enter") int p43(void* ctx) {
  return c43++;
}
struct s44 {
  __u64 a44;
  int b44[44];
} v44;
int c44 = 44;
const volatile short r44;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 44);
  __type(key, int);
  __type(value, struct s44);
} m44 SEC(".maps");
SEC("raw_tp/sys_enter") int p44(void* ctx) {
  return c44++;
}
struct s45 {
  __u64 a45;
  int b45[45];
} v45;
int c45 = 45;
const volatile short r45;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 45);
  __type(key, int);
  __type(value, struct s45);
} m45 SEC(".maps");
SEC("raw_tp/sys_enter") int p45(void* ctx) {
  return c45++;
}
struct s46 {
  __u64 a46;
  int b46[46];
} v46;
int c46 = 46;
const volatile short r46;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 46);
  __type(key, int);
  __type(value, struct s46);
} m46 SEC(".maps");
SEC("raw_tp/sys_enter") int p46(void* ctx) {
  return c46++;
}
struct s47 {
  __u64 a47;
  int b47[47];
} v47;
int c47 = 47;
const volatile short r47;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 47);
  __type(key, int);
  __type(value, struct s47);
} m47 SEC(".maps");
SEC("raw_tp/sys_enter") int p47(void* ctx) {
  return c47++;
}
struct s48 {
  __u64 a48;
  int b48[48];
} v48;
int c48 = 48;
const volatile short r48;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 48);
  __type(key, int);
  __type(value, struct s48);
} m48 SEC(".maps");
SEC("raw_tp/sys_enter") int p48(void* ctx) {
  return c48++;
}
struct s49 {
  __u64 a49;
  int b49[49];
} v49;
int c49 = 49;
const volatile short r49;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 49);
  __type(key, int);
  __type(value, struct s49);
} m49 SEC(".maps");
SEC("raw_tp/sys_enter") int p49(void* ctx) {
  return c49++;
}
struct s50 {
  __u64 a50;
  int b50[50];
} v50;
int c50 = 50;
const volatile short r50;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 50);
  __type(key, int);
  __type(value, struct s50);
} m50 SEC(".maps");
SEC("raw_tp/sys_enter") int p50(void* ctx) {
  return c50++;
}
struct s51 {
  __u64 a51;
  int b51[51];
} v51;
int c51 = 51;
const volatile short r51;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 51);
  __type(key, int);
  __type(value, struct s51);
} m51 SEC(".maps");
SEC("raw_tp/sys_enter") int p51(void* ctx) {
  return c51++;
}
struct s52 {
  __u64 a52;
  int b52[52];
} v52;
int c52 = 52;
const volatile short r52;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 52);
  __type(key, int);
  __type(value, struct s52);
} m52 SEC(".maps");
SEC("raw_tp/sys_enter") int p52(void* ctx) {
  return c52++;
}
struct s53 {
  __u64 a53;
  int b53[53];
} v53;
int c53 = 53;
const volatile short r53;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 53);
  __type(key, int);
  __type(value, struct s53);
} m53 SEC(".maps");
SEC("raw_tp/sys_enter") int p53(void* ctx) {
  return c53++;
}
struct s54 {
  __u64 a54;
  int b54[54];
} v54;
int c54 = 54;
const volatile short r54;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 54);
  __type(key, int);
  __type(value, struct s54);
} m54 SEC(".maps");
SEC("raw_tp/sys_enter") int p54(void* ctx) {
  return c54++;
}
struct s55 {
  __u64 a55;
  int b55[55];
} v55;
int c55 = 55;
const volatile short r55;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 55);
  __type(key, int);
  __type(value, struct s55);
} m55 SEC(".maps");
SEC("raw_tp/sys_enter") int p55(void* ctx) {
  return c55++;
}
struct s56 {
  __u64 a56;
  int b56[56];
} v56;
int c56 = 56;
const volatile short r56;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 56);
  __type(key, int);
  __type(value, struct s56);
} m56 SEC(".maps");
SEC("raw_tp/sys_enter") int p56(void* ctx) {
  return c56++;
}
struct s57 {
  __u64 a57;
  int b57[57];
} v57;
int c57 = 57;
const volatile short r57;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 57);
  __type(key, int);
  __type(value, struct s57);
} m57 SEC(".maps");
SEC("raw_tp/sys_enter") int p57(void* ctx) {
  return c57++;
}
struct s58 {
  __u64 a58;
  int b58[58];
} v58;
int c58 = 58;
const volatile short r58;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 58);
  __type(key, int);
  __type(value, struct s58);
} m58 SEC(".maps");
SEC("raw_tp/sys_enter") int p58(void* ctx) {
  return c58++;
}
struct s59 {
  __u64 a59;
  int b59[59];
} v59;
int c59 = 59;
const volatile short r59;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 59);
  __type(key, int);
  __type(value, struct s59);
} m59 SEC(".maps");
SEC("raw_tp/sys_enter") int p59(void* ctx) {
  return c59++;
}
struct s60 {
  __u64 a60;
  int b60[60];
} v60;
int c60 = 60;
const volatile short r60;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 60);
  __type(key, int);
  __type(value, struct s60);
} m60 SEC(".maps");
SEC("raw_tp/sys_enter") int p60(void* ctx) {
  return c60++;
}
struct s61 {
  __u64 a61;
  int b61[61];
} v61;
int c61 = 61;
const volatile short r61;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 61);
  __type(key, int);
  __type(value, struct s61);
} m61 SEC(".maps");
SEC("raw_tp/sys_enter") int p61(void* ctx) {
  return c61++;
}
struct s62 {
  __u64 a62;
  int b62[62];
} v62;
int c62 = 62;
const volatile short r62;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 62);
  __type(key, int);
  __type(value, struct s62);
} m62 SEC(".maps");
SEC("raw_tp/sys_enter") int p62(void* ctx) {
  return c62++;
}
struct s63 {
  __u64 a63;
  int b63[63];
} v63;
int c63 = 63;
const volatile short r63;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 63);
  __type(key, int);
  __type(value, struct s63);
} m63 SEC(".maps");
SEC("raw_tp/sys_enter") int p63(void* ctx) {
  return c63++;
}
struct s64 {
  __u64 a64;
  int b64[64];
} v64;
int c64 = 64;
const volatile short r64;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 64);
  __type(key, int);
  __type(value, struct s64);
} m64 SEC(".maps");
SEC("raw_tp/sys_enter") int p64(void* ctx) {
  return c64++;
}
struct s65 {
  __u64 a65;
  int b65[65];
} v65;
int c65 = 65;
const volatile short r65;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 65);
  __type(key, int);
  __type(value, struct s65);
} m65 SEC(".maps");
SEC("raw_tp/sys_enter") int p65(void* ctx) {
  return c65++;
}
struct s66 {
  __u64 a66;
  int b66[66];
} v66;
int c66 = 66;
const volatile short r66;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 66);
  __type(key, int);
  __type(value, struct s66);
} m66 SEC(".maps");
SEC("raw_tp/sys_enter") int p66(void* ctx) {
  return c66++;
}
struct s67 {
  __u64 a67;
  int b67[67];
} v67;
int c67 = 67;
const volatile short r67;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 67);
  __type(key, int);
  __type(value, struct s67);
} m67 SEC(".maps");
SEC("raw_tp/sys_enter") int p67(void* ctx) {
  return c67++;
}
struct s68 {
  __u64 a68;
  int b68[68];
} v68;
int c68 = 68;
const volatile short r68;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 68);
  __type(key, int);
  __type(value, struct s68);
} m68 SEC(".maps");
SEC("raw_tp/sys_enter") int p68(void* ctx) {
  return c68++;
}
struct s69 {
  __u64 a69;
  int b69[69];
} v69;
int c69 = 69;
const volatile short r69;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 69);
  __type(key, int);
  __type(value, struct s69);
} m69 SEC(".maps");
SEC("raw_tp/sys_enter") int p69(void* ctx) {
  return c69++;
}
struct s70 {
  __u64 a70;
  int b70[70];
} v70;
int c70 = 70;
const volatile short r70;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 70);
  __type(key, int);
  __type(value, struct s70);
} m70 SEC(".maps");
SEC("raw_tp/sys_enter") int p70(void* ctx) {
  return c70++;
}
struct s71 {
  __u64 a71;
  int b71[71];
} v71;
int c71 = 71;
const volatile short r71;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 71);
  __type(key, int);
  __type(value, struct s71);
} m71 SEC(".maps");
SEC("raw_tp/sys_enter") int p71(void* ctx) {
  return c71++;
}
struct s72 {
  __u64 a72;
  int b72[72];
} v72;
int c72 = 72;
const volatile short r72;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 72);
  __type(key, int);
  __type(value, struct s72);
} m72 SEC(".maps");
SEC("raw_tp/sys_enter") int p72(void* ctx) {
  return c72++;
}
struct s73 {
  __u64 a73;
  int b73[73];
} v73;
int c73 = 73;
const volatile short r73;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 73);
  __type(key, int);
  __type(value, struct s73);
} m73 SEC(".maps");
SEC("raw_tp/sys_enter") int p73(void* ctx) {
  return c73++;
}
struct s74 {
  __u64 a74;
  int b74[74];
} v74;
int c74 = 74;
const volatile short r74;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 74);
  __type(key, int);
  __type(value, struct s74);
} m74 SEC(".maps");
SEC("raw_tp/sys_enter") int p74(void* ctx) {
  return c74++;
}
struct s75 {
  __u64 a75;
  int b75[75];
} v75;
int c75 = 75;
const volatile short r75;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 75);
  __type(key, int);
  __type(value, struct s75);
} m75 SEC(".maps");
SEC("raw_tp/sys_enter") int p75(void* ctx) {
  return c75++;
}
struct s76 {
  __u64 a76;
  int b76[76];
} v76;
int c76 = 76;
const volatile short r76;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 76);
  __type(key, int);
  __type(value, struct s76);
} m76 SEC(".maps");
SEC("raw_tp/sys_enter") int p76(void* ctx) {
  return c76++;
}
struct s77 {
  __u64 a77;
  int b77[77];
} v77;
int c77 = 77;
const volatile short r77;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 77);
  __type(key, int);
  __type(value, struct s77);
} m77 SEC(".maps");
SEC("raw_tp/sys_enter") int p77(void* ctx) {
  return c77++;
}
struct s78 {
  __u64 a78;
  int b78[78];
} v78;
int c78 = 78;
const volatile short r78;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 78);
  __type(key, int);
  __type(value, struct s78);
} m78 SEC(".maps");
SEC("raw_tp/sys_enter") int p78(void* ctx) {
  return c78++;
}
struct s79 {
  __u64 a79;
  int b79[79];
} v79;
int c79 = 79;
const volatile short r79;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 79);
  __type(key, int);
  __type(value, struct s79);
} m79 SEC(".maps");
SEC("raw_tp/sys_enter") int p79(void* ctx) {
  return c79++;
}
struct s80 {
  __u64 a80;
  int b80[80];
} v80;
int c80 = 80;
const volatile short r80;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 80);
  __type(key, int);
  __type(value, struct s80);
} m80 SEC(".maps");
SEC("raw_tp/sys_enter") int p80(void* ctx) {
  return c80++;
}
struct s81 {
  __u64 a81;
  int b81[81];
} v81;
int c81 = 81;
const volatile short r81;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 81);
  __type(key, int);
  __type(value, struct s81);
} m81 SEC(".maps");
SEC("raw_tp/sys_enter") int p81(void* ctx) {
  return c81++;
}
struct s82 {
  __u64 a82;
  int b82[82];
} v82;
int c82 = 82;
const volatile short r82;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 82);
  __type(key, int);
  __type(value, struct s82);
} m82 SEC(".maps");
SEC("raw_tp/sys_enter") int p82(void* ctx) {
  return c82++;
}
struct s83 {
  __u64 a83;
  int b83[83];
} v83;
int c83 = 83;
const volatile short r83;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 83);
  __type(key, int);
  __type(value, struct s83);
} m83 SEC(".maps");
SEC("raw_tp/sys_enter") int p83(void* ctx) {
  return c83++;
}
struct s84 {
  __u64 a84;
  int b84[84];
} v84;
int c84 = 84;
const volatile short r84;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 84);
  __type(key, int);
  __type(value, struct s84);
} m84 SEC(".maps");
SEC("raw_tp/sys_enter") int p84(void* ctx) {
  return c84++;
}
struct s85 {
  __u64 a85;
  int b85[85];
} v85;
int c85 = 85;
const volatile short r85;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 85);
  __type(key, int);
  __type(value, struct s85);
} m85 SEC(".maps");
SEC("raw_tp/sys_enter") int p85(void* ctx) {
  return c85++;
}
struct s86 {
  __u64 a86;
  int b86[86];
} v86;
int c86 = 86;
const volatile short r86;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 86);
  __type(key, int);
  __type(value, struct s86);
} m86 SEC(".maps");
SEC("raw_tp/sys_enter") int p86(void* ctx) {
  return c86++;
}
struct s87 {
  __u64 a87;
  int b87[87];
} v87;
int c87 = 87;
const volatile short r87;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 87);
  __type(key, int);
  __type(value, struct s87);
} m87 SEC(".maps");
SEC("raw_tp/sys_enter") int p87(void* ctx) {
  return c87++;
}
struct s88 {
  __u64 a88;
  int b88[88];
} v88;
int c88 = 88;
const volatile short r88;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 88);
  __type(key, int);
  __type(value, struct s88);
} m88 SEC(".maps");
SEC("raw_tp/sys_enter") int p88(void* ctx) {
  return c88++;
}
struct s89 {
  __u64 a89;
  int b89[89];
} v89;
int c89 = 89;
const volatile short r89;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 89);
  __type(key, int);
  __type(value, struct s89);
} m89 SEC(".maps");
SEC("raw_tp/sys_enter") int p89(void* ctx) {
  return c89++;
}
struct s90 {
  __u64 a90;
  int b90[90];
} v90;
int c90 = 90;
const volatile short r90;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 90);
  __type(key, int);
  __type(value, struct s90);
} m90 SEC(".maps");
SEC("raw_tp/sys_enter") int p90(void* ctx) {
  return c90++;
}
struct s91 {
  __u64 a91;
  int b91[91];
} v91;
int c91 = 91;
const volatile short r91;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 91);
  __type(key, int);
  __type(value, struct s91);
} m91 SEC(".maps");
SEC("raw_tp/sys_enter") int p91(void* ctx) {
  return c91++;
}
struct s92 {
  __u64 a92;
  int b92[92];
} v92;
int c92 = 92;
const volatile short r92;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 92);
  __type(key, int);
  __type(value, struct s92);
} m92 SEC(".maps");
SEC("raw_tp/sys_enter") int p92(void* ctx) {
  return c92++;
}
struct s93 {
  __u64 a93;
  int b93[93];
} v93;
int c93 = 93;
const volatile short r93;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 93);
  __type(key, int);
  __type(value, struct s93);
} m93 SEC(".maps");
SEC("raw_tp/sys_enter") int p93(void* ctx) {
  return c93++;
}
struct s94 {
  __u64 a94;
  int b94[94];
} v94;
int c94 = 94;
const volatile short r94;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 94);
  __type(key, int);
  __type(value, struct s94);
} m94 SEC(".maps");
SEC("raw_tp/sys_enter") int p94(void* ctx) {
  return c94++;
}
struct s95 {
  __u64 a95;
  int b95[95];
} v95;
int c95 = 95;
const volatile short r95;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 95);
  __type(key, int);
  __type(value, struct s95);
} m95 SEC(".maps");
SEC("raw_tp/sys_enter") int p95(void* ctx) {
  return c95++;
}
struct s96 {
  __u64 a96;
  int b96[96];
} v96;
int c96 = 96;
const volatile short r96;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 96);
  __type(key, int);
  __type(value, struct s96);
} m96 SEC(".maps");
SEC("raw_tp/sys_enter") int p96(void* ctx) {
  return c96++;
}
struct s97 {
  __u64 a97;
  int b97[97];
} v97;
int c97 = 97;
const volatile short r97;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 97);
  __type(key, int);
  __type(value, struct s97);
} m97 SEC(".maps");
SEC("raw_tp/sys_enter") int p97(void* ctx) {
  return c97++;
}
struct s98 {
  __u64 a98;
  int b98[98];
} v98;
int c98 = 98;
const volatile short r98;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 98);
  __type(key, int);
  __type(value, struct s98);
} m98 SEC(".maps");
SEC("raw_tp/sys_enter") int p98(void* ctx) {
  return c98++;
}
struct s99 {
  __u64 a99;
  int b99[99];
} v99;
int c99 = 99;
const volatile short r99;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 99);
  __type(key, int);
  __type(value, struct s99);
} m99 SEC(".maps");
SEC("raw_tp/sys_enter") int p99(void* ctx) {
  return c99++;
}
struct s100 {
  __u64 a100;
  int b100[100];
} v100;
int c100 = 100;
const volatile short r100;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 100);
  __type(key, int);
  __type(value, struct s100);
} m100 SEC(".maps");
SEC("raw_tp/sys_enter") int p100(void* ctx) {
  return c100++;
}
struct s101 {
  __u64 a101;
  int b101[101];
} v101;
int c101 = 101;
const volatile short r101;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 101);
  __type(key, int);
  __type(value, struct s101);
} m101 SEC(".maps");
SEC("raw_tp/sys_enter") int p101(void* ctx) {
  return c101++;
}
struct s102 {
  __u64 a102;
  int b102[102];
} v102;
int c102 = 102;
const volatile short r102;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 102);
  __type(key, int);
  __type(value, struct s102);
} m102 SEC(".maps");
SEC("raw_tp/sys_enter") int p102(void* ctx) {
  return c102++;
}
struct s103 {
  __u64 a103;
  int b103[103];
} v103;
int c103 = 103;
const volatile short r103;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 103);
  __type(key, int);
  __type(value, struct s103);
} m103 SEC(".maps");
SEC("raw_tp/sys_enter") int p103(void* ctx) {
  return c103++;
}
struct s104 {
  __u64 a104;
  int b104[104];
} v104;
int c104 = 104;
const volatile short r104;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 104);
  __type(key, int);
  __type(value, struct s104);
} m104 SEC(".maps");
SEC("raw_tp/sys_enter") int p104(void* ctx) {
  return c104++;
}
struct s105 {
  __u64 a105;
  int b105[105];
} v105;
int c105 = 105;
const volatile short r105;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 105);
  __type(key, int);
  __type(value, struct s105);
} m105 SEC(".maps");
SEC("raw_tp/sys_enter") int p105(void* ctx) {
  return c105++;
}
struct s106 {
  __u64 a106;
  int b106[106];
} v106;
int c106 = 106;
const volatile short r106;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 106);
  __type(key, int);
  __type(value, struct s106);
} m106 SEC(".maps");
SEC("raw_tp/sys_enter") int p106(void* ctx) {
  return c106++;
}
struct s107 {
  __u64 a107;
  int b107[107];
} v107;
int c107 = 107;
const volatile short r107;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 107);
  __type(key, int);
  __type(value, struct s107);
} m107 SEC(".maps");
SEC("raw_tp/sys_enter") int p107(void* ctx) {
  return c107++;
}
struct s108 {
  __u64 a108;
  int b108[108];
} v108;
int c108 = 108;
const volatile short r108;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 108);
  __type(key, int);
  __type(value, struct s108);
} m108 SEC(".maps");
SEC("raw_tp/sys_enter") int p108(void* ctx) {
  return c108++;
}
struct s109 {
  __u64 a109;
  int b109[109];
} v109;
int c109 = 109;
const volatile short r109;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 109);
  __type(key, int);
  __type(value, struct s109);
} m109 SEC(".maps");
SEC("raw_tp/sys_enter") int p109(void* ctx) {
  return c109++;
}
struct s110 {
  __u64 a110;
  int b110[110];
} v110;
int c110 = 110;
const volatile short r110;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 110);
  __type(key, int);
  __type(value, struct s110);
} m110 SEC(".maps");
SEC("raw_tp/sys_enter") int p110(void* ctx) {
  return c110++;
}
struct s111 {
  __u64 a111;
  int b111[111];
} v111;
int c111 = 111;
const volatile short r111;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 111);
  __type(key, int);
  __type(value, struct s111);
} m111 SEC(".maps");
SEC("raw_tp/sys_enter") int p111(void* ctx) {
  return c111++;
}
struct s112 {
  __u64 a112;
  int b112[112];
} v112;
int c112 = 112;
const volatile short r112;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 112);
  __type(key, int);
  __type(value, struct s112);
} m112 SEC(".maps");
SEC("raw_tp/sys_enter") int p112(void* ctx) {
  return c112++;
}
struct s113 {
  __u64 a113;
  int b113[113];
} v113;
int c113 = 113;
const volatile short r113;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 113);
  __type(key, int);
  __type(value, struct s113);
} m113 SEC(".maps");
SEC("raw_tp/sys_enter") int p113(void* ctx) {
  return c113++;
}
struct s114 {
  __u64 a114;
  int b114[114];
} v114;
int c114 = 114;
const volatile short r114;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 114);
  __type(key, int);
  __type(value, struct s114);
} m114 SEC(".maps");
SEC("raw_tp/sys_enter") int p114(void* ctx) {
  return c114++;
}
struct s115 {
  __u64 a115;
  int b115[115];
} v115;
int c115 = 115;
const volatile short r115;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 115);
  __type(key, int);
  __type(value, struct s115);
} m115 SEC(".maps");
SEC("raw_tp/sys_enter") int p115(void* ctx) {
  return c115++;
}
struct s116 {
  __u64 a116;
  int b116[116];
} v116;
int c116 = 116;
const volatile short r116;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 116);
  __type(key, int);
  __type(value, struct s116);
} m116 SEC(".maps");
SEC("raw_tp/sys_enter") int p116(void* ctx) {
  return c116++;
}
struct s117 {
  __u64 a117;
  int b117[117];
} v117;
int c117 = 117;
const volatile short r117;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 117);
  __type(key, int);
  __type(value, struct s117);
} m117 SEC(".maps");
SEC("raw_tp/sys_enter") int p117(void* ctx) {
  return c117++;
}
struct s118 {
  __u64 a118;
  int b118[118];
} v118;
int c118 = 118;
const volatile short r118;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 118);
  __type(key, int);
  __type(value, struct s118);
} m118 SEC(".maps");
SEC("raw_tp/sys_enter") int p118(void* ctx) {
  return c118++;
}
struct s119 {
  __u64 a119;
  int b119[119];
} v119;
int c119 = 119;
const volatile short r119;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 119);
  __type(key, int);
  __type(value, struct s119);
} m119 SEC(".maps");
SEC("raw_tp/sys_enter") int p119(void* ctx) {
  return c119++;
}
struct s120 {
  __u64 a120;
  int b120[120];
} v120;
int c120 = 120;
const volatile short r120;
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 120);
  __type(key, int);
  __type(value, struct s120);
} m120 SEC(".maps");
SEC("raw_tp/sys_enter") int p120(void* ctx) {
  return c120++;
}
char LICENSE[] SEC("license") = "GPL";
