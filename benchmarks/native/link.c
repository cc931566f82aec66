/* A link between this network namespace and a new one in which a server runs: rate, delay, loss, a queue, cuts.
 *
 *   cc -O2 -pthread link.c -o link && ./link UP DOWN DELAY LOSS QUEUE CUT_EVERY CUT_FOR SERVER [ARGUMENT ...]
 *
 * UP and DOWN are bits a second, DELAY is milliseconds each way, LOSS percent of the packets, QUEUE bytes that wait for
 * the wire at most, CUT_EVERY and CUT_FOR seconds (0 for none), from the first packet on. TCP on both sides is the
 * kernel's. This side is 10.99.0.1, the server 10.99.0.2. Needs /dev/net/tun, and the right to make a namespace and
 * devices, as in one of `unshare --net`. It ends with its standard input, and the server with it; then it says on
 * stderr how many bytes were given to the wire and how many packets were lost, in both directions. Never shipped.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MTU = 1500, RING = 1 << 16 };

typedef struct Packet {
    int size;
    double due;
    char bytes[MTU + 4];
} Packet;

/* One direction. The reader puts packets at `tail`, the writer takes them at `head`. */
typedef struct Way {
    int from, to;
    double bytes_a_second, delay, free_at;
    unsigned seed;
    Packet *ring;
    unsigned head, tail;
    long sent, dropped; /* bytes, packets */
    pthread_mutex_t lock;
    pthread_cond_t filled;
} Way;

static double loss, queue, cut_every, cut_for, began;
static pthread_mutex_t beginning = PTHREAD_MUTEX_INITIALIZER;
static Way ways[2];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void sleep_until(double moment) {
    struct timespec t = {(time_t)moment, (long)((moment - (time_t)moment) * 1e9)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, 0);
}

static int is_cut(double moment) {
    pthread_mutex_lock(&beginning);
    if (!began) began = moment;
    pthread_mutex_unlock(&beginning);
    double since = moment - began;
    return cut_every > 0 && since >= cut_every && since - cut_every * (long)(since / cut_every) < cut_for;
}

static void *take(void *argument) {
    Way *way = argument;
    char bytes[MTU + 4];
    for (;;) {
        int size = read(way->from, bytes, sizeof bytes);
        if (size <= 0) continue;
        double moment = now();
        pthread_mutex_lock(&way->lock);
        double starts = way->free_at > moment ? way->free_at : moment;
        int full = (starts - moment) * way->bytes_a_second + size > queue || way->tail - way->head == RING;
        if (is_cut(moment) || full || rand_r(&way->seed) < loss * RAND_MAX) {
            way->dropped++;
        } else {
            Packet *packet = &way->ring[way->tail++ % RING];
            way->free_at = starts + size / way->bytes_a_second;
            packet->size = size;
            packet->due = way->free_at + way->delay;
            memcpy(packet->bytes, bytes, size);
            way->sent += size;
            pthread_cond_signal(&way->filled);
        }
        pthread_mutex_unlock(&way->lock);
    }
    return 0;
}

static void *give(void *argument) {
    Way *way = argument;
    prctl(PR_SET_TIMERSLACK, 1);
    for (;;) {
        pthread_mutex_lock(&way->lock);
        while (way->head == way->tail) pthread_cond_wait(&way->filled, &way->lock);
        Packet *packet = &way->ring[way->head % RING];
        pthread_mutex_unlock(&way->lock);
        if (packet->due > now()) sleep_until(packet->due);
        if (write(way->to, packet->bytes, packet->size) < 0) way->dropped++;
        pthread_mutex_lock(&way->lock);
        way->head++;
        pthread_mutex_unlock(&way->lock);
    }
    return 0;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* A device of the namespace that this process is in, up and with the address. */
static int device(const char *name, const char *address) {
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI}, loopback = {.ifr_flags = IFF_UP | IFF_RUNNING};
    struct sockaddr_in *shown = (struct sockaddr_in *)&request.ifr_addr;
    int file = open("/dev/net/tun", O_RDWR), control = socket(AF_INET, SOCK_DGRAM, 0);
    strcpy(request.ifr_name, name);
    strcpy(loopback.ifr_name, "lo");
    if (file < 0 || ioctl(file, TUNSETIFF, &request)) fail("/dev/net/tun");
    memset(shown, 0, sizeof *shown);
    shown->sin_family = AF_INET;
    inet_pton(AF_INET, address, &shown->sin_addr);
    if (ioctl(control, SIOCSIFADDR, &request)) fail("address");
    inet_pton(AF_INET, "255.255.255.0", &shown->sin_addr);
    if (ioctl(control, SIOCSIFNETMASK, &request)) fail("netmask");
    request.ifr_mtu = MTU;
    if (ioctl(control, SIOCSIFMTU, &request)) fail("mtu");
    request.ifr_qlen = 10000;
    if (ioctl(control, SIOCSIFTXQLEN, &request)) fail("queue");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(control, SIOCSIFFLAGS, &request) || ioctl(control, SIOCSIFFLAGS, &loopback)) fail("up");
    close(control);
    return file;
}

static void serve(char **command) {
    pid_t parent = getpid();
    if (fork()) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) exit(1);
    execvp(*command, command);
    fail(*command);
}

int main(int count, char **arguments) {
    if (count < 9) return fprintf(stderr, "link: see the top of its source\n"), 2;
    int here = device("near", "10.99.0.1");
    if (unshare(CLONE_NEWNET)) fail("namespace");
    int there = device("far", "10.99.0.2");
    loss = atof(arguments[4]) / 100;
    queue = atof(arguments[5]);
    cut_every = atof(arguments[6]);
    cut_for = atof(arguments[7]);
    for (int number = 0; number < 2; number++) {
        Way *way = &ways[number];
        pthread_t thread;
        way->from = number ? there : here;
        way->to = number ? here : there;
        way->bytes_a_second = atof(arguments[1 + number]) / 8;
        way->delay = atof(arguments[3]) / 1e3;
        way->seed = 7 + number;
        way->ring = calloc(RING, sizeof *way->ring);
        pthread_mutex_init(&way->lock, 0);
        pthread_cond_init(&way->filled, 0);
        pthread_create(&thread, 0, take, way);
        pthread_create(&thread, 0, give, way);
    }
    serve(arguments + 8);
    for (char byte; read(0, &byte, 1) > 0;) continue;
    fprintf(stderr, "{\"up\": [%ld, %ld], \"down\": [%ld, %ld]}\n", ways[0].sent, ways[0].dropped, ways[1].sent, ways[1].dropped);
    return 0;
}
