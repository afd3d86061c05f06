/* R1 and R2 in plain C: couples one after the other through all their days, xoshiro256+.
 * r1 COUPLES DAYS SEED | r2 STEP TABLE SEED, answered by one line of JSON (see ../README.md). */
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIDE = 20, CELL_COUPLES = 200, CELL_DAYS = 365 };

typedef struct { uint64_t s[4]; } generator;

static inline uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline double uniform(generator *g) {
    uint64_t *s = g->s, sum = s[0] + s[3], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return (double)(sum >> 11) * 0x1.0p-53;
}

/* SplitMix64, as the generator's authors advise. */
static generator seeded(uint64_t z) {
    generator g;
    for (int i = 0; i < 4; i++) {
        uint64_t x = (z += 0x9e3779b97f4a7c15ull);
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
        g.s[i] = x ^ (x >> 31);
    }
    return g;
}

/* Trust, intimacy; responsiveness, openness, anxiety, avoidance. */
typedef struct { double t, m, r, o, a, v; } partner;
typedef struct { partner p[2]; } couple;

static double near(double mean, double u) { return fmin(fmax(mean + 0.2 * (u - 0.5), 0.0), 1.0); }

static void draw(couple *couples, long n, generator *g) {
    for (long k = 0; k < n; k++)
        for (int i = 0; i < 2; i++) {
            partner *p = &couples[k].p[i];
            p->t = uniform(g);
            p->m = uniform(g);
            p->r = uniform(g);
            p->o = uniform(g);
            p->a = uniform(g);
            p->v = uniform(g);
        }
}

static inline void disclose(const partner *i, const partner *j, double u1, double u2, double *trust,
                            double *intimacy) {
    double t = i->t, m = i->m;
    double d = i->o * (1.0 - 0.7 * i->v) * (0.25 + 0.75 * t) * (0.5 + 0.5 * m);
    double p = j->r * (0.4 + 0.6 * j->m) * (1.0 - 0.3 * j->v);
    double q = u1 < p ? 1.0 - 0.5 * i->a * (1.0 - t) * u2 : 0.3 * u2 * (1.0 - i->a);
    *trust = q >= 0.5 ? t + 0.02 * q * (1.0 - t) : t - 0.06 * (1.0 - q) * t;
    *intimacy = m + 0.03 * d * q * (1.0 - m) - 0.004 * m - 0.015 * d * (1.0 - q) * m;
}

static inline void live_a_day(couple *c, generator *g) {
    double u[4], trust[2], intimacy[2];
    for (int i = 0; i < 4; i++) u[i] = uniform(g);
    for (int i = 0; i < 2; i++) disclose(&c->p[i], &c->p[1 - i], u[2 * i], u[2 * i + 1], &trust[i], &intimacy[i]);
    for (int i = 0; i < 2; i++) {
        c->p[i].t = trust[i];
        c->p[i].m = intimacy[i];
    }
}

/* Adds each day's means over all partners to `trust` and `intimacy`. */
static void live(couple *couples, long n, int days, generator *g, double *trust, double *intimacy) {
    for (long k = 0; k < n; k++) {
        couple c = couples[k];
        for (int day = 0; day < days; day++) {
            live_a_day(&c, g);
            trust[day] += c.p[0].t + c.p[1].t;
            intimacy[day] += c.p[0].m + c.p[1].m;
        }
        couples[k] = c;
    }
    for (int day = 0; day < days; day++) {
        trust[day] /= 2.0 * n;
        intimacy[day] /= 2.0 * n;
    }
}

/* Mean over partners and standard deviation over couples of the couple's mean. */
typedef struct { double trust, trust_sd, intimacy, intimacy_sd; } summary;

static summary summarise(const couple *couples, long n) {
    double t = 0, tt = 0, m = 0, mm = 0;
    for (long k = 0; k < n; k++) {
        const partner *p = couples[k].p;
        double x = 0.5 * (p[0].t + p[1].t), y = 0.5 * (p[0].m + p[1].m);
        t += x;
        tt += x * x;
        m += y;
        mm += y * y;
    }
    t /= n;
    m /= n;
    return (summary){t, sqrt(tt / n - t * t), m, sqrt(mm / n - m * m)};
}

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static double peak_mib(void) {
    char line[256];
    double kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (!strncmp(line, "VmHWM:", 6)) kib = atof(line + 6);
    if (status) fclose(status);
    return kib / 1024;
}

static double mean(const double *x, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += x[i];
    return sum / n;
}

static int ensemble(long n, int days, uint64_t seed) {
    couple *couples = malloc(n * sizeof *couples);
    double *trust = calloc(days, sizeof *trust), *intimacy = calloc(days, sizeof *intimacy);
    if (!couples || !trust || !intimacy) return 1;
    generator g = seeded(seed);
    draw(couples, n, &g);
    double setup = seconds(CLOCK_PROCESS_CPUTIME_ID), begin = seconds(CLOCK_MONOTONIC);
    live(couples, n, days, &g, trust, intimacy);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - setup, wall = seconds(CLOCK_MONOTONIC) - begin;
    summary s = summarise(couples, n);
    printf("{\"workload\":\"r1\",\"couples\":%ld,\"days\":%d,\"setup_s\":%.9f,\"cpu_s\":%.9f,\"wall_s\":%.9f,"
           "\"peak_mib\":%.3f,\"trust\":%.12f,\"trust_sd\":%.12f,\"intimacy\":%.12f,\"intimacy_sd\":%.12f,"
           "\"trust_days\":%.12f,\"intimacy_days\":%.12f}\n",
           n, days, setup, cpu, wall, peak_mib(), s.trust, s.trust_sd, s.intimacy, s.intimacy_sd,
           mean(trust, days), mean(intimacy, days));
    return 0;
}

static int sweep(int step, const char *path, uint64_t seed) {
    static couple couples[CELL_COUPLES];
    double setup = seconds(CLOCK_PROCESS_CPUTIME_ID);
    int cells = 0;
    FILE *table = fopen(path, "w");
    if (!table) return 1;
    fprintf(table, "responsiveness,anxiety,trust,trust_sd,intimacy,intimacy_sd,trust_days,intimacy_days\n");
    for (int cell = 0; cell < SIDE * SIDE; cell += step, cells++) {
        double r = 0.05 + 0.9 * (cell / SIDE) / (SIDE - 1), a = 0.05 + 0.9 * (cell % SIDE) / (SIDE - 1);
        double trust[CELL_DAYS] = {0}, intimacy[CELL_DAYS] = {0};
        generator g = seeded(seed * SIDE * SIDE + cell);
        draw(couples, CELL_COUPLES, &g);
        for (int k = 0; k < CELL_COUPLES; k++)
            for (int i = 0; i < 2; i++) {
                partner *p = &couples[k].p[i];
                p->r = near(r, p->r);
                p->a = near(a, p->a);
            }
        live(couples, CELL_COUPLES, CELL_DAYS, &g, trust, intimacy);
        summary s = summarise(couples, CELL_COUPLES);
        fprintf(table, "%.6f,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f\n", r, a, s.trust, s.trust_sd, s.intimacy,
                s.intimacy_sd, mean(trust, CELL_DAYS), mean(intimacy, CELL_DAYS));
    }
    if (fclose(table)) return 1;
    printf("{\"workload\":\"r2\",\"cells\":%d,\"setup_s\":%.9f,\"cpu_s\":%.9f,\"peak_mib\":%.3f}\n", cells, setup,
           seconds(CLOCK_PROCESS_CPUTIME_ID) - setup, peak_mib());
    return 0;
}

int main(int n, char **words) {
    if (n == 5 && !strcmp(words[1], "r1"))
        return ensemble(atol(words[2]), atoi(words[3]), strtoull(words[4], 0, 10));
    if (n == 5 && !strcmp(words[1], "r2"))
        return sweep(atoi(words[2]), words[3], strtoull(words[4], 0, 10));
    fprintf(stderr, "usage: r1 COUPLES DAYS SEED | r2 STEP TABLE SEED\n");
    return 2;
}
