/* An S3 endpoint on loopback that throws every body away, so that a benchmark measures the client alone.
 *
 *   cc -O2 -pthread [-DWITH_TLS sink.c -lssl -lcrypto] sink.c -o sink && ./sink PORT [PEM]
 *
 * It answers PutObject, the multipart calls, ListParts, HeadObject, ListObjects, GetBucketLocation and DeleteObject as
 * the clients expect: sizes are kept, checksums are echoed, nothing is verified. One thread a connection. Never shipped.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef WITH_TLS
#include <openssl/ssl.h>
#endif

enum { HEAD_SIZE = 64 * 1024, PIECE = 256 * 1024, MOST_PARTS = 10000, TABLE = 1 << 18, TEXT = 1024 };

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define NAMESPACE " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""
#define IS_XML "Content-Type: application/xml\r\n"

/* ---- what is stored: sizes by path, and the sizes of parts by upload ---- */

typedef struct Upload {
    char path[TEXT];
    long long sizes[MOST_PARTS + 1];
} Upload;

typedef struct Object {
    char *path;
    long long size;
} Object;

static Object objects[TABLE];
static Upload *uploads[TABLE];
static unsigned upload_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The place of the path in the table: its own, or the free one that it would get. */
static Object *place_of(const char *path) {
    unsigned long hash = 5381;
    for (const char *at = path; *at; at++) hash = hash * 33 + (unsigned char)*at;
    Object *place = &objects[hash % TABLE];
    while (place->path && strcmp(place->path, path)) place = &objects[(place - objects + 1) % TABLE];
    return place;
}

static void store(const char *path, long long size) {
    Object *place = place_of(path);
    if (!place->path) place->path = strdup(path);
    place->size = size;
}

static Upload *upload_of(const char *id) {
    unsigned number = strtoul(id, 0, 10);
    return number && number <= upload_count ? uploads[number % TABLE] : 0;
}

/* ---- one connection ---- */

typedef struct Connection {
    int fd;
#ifdef WITH_TLS
    SSL *tls;
#endif
    size_t held; /* bytes in `head` that were received and not used */
    char head[HEAD_SIZE + 1];
    char piece[PIECE];
} Connection;

#ifdef WITH_TLS
static SSL_CTX *tls_context;
#endif

static ssize_t receive(Connection *c, char *into, size_t most, int keep) {
#ifdef WITH_TLS
    if (c->tls) return SSL_read(c->tls, into, (int)most);
#endif
    return recv(c->fd, into, most, keep ? 0 : MSG_TRUNC);
}

static int send_all(Connection *c, const char *data, size_t size) {
    while (size) {
#ifdef WITH_TLS
        ssize_t sent = c->tls ? SSL_write(c->tls, data, (int)size) : send(c->fd, data, size, MSG_NOSIGNAL);
#else
        ssize_t sent = send(c->fd, data, size, MSG_NOSIGNAL);
#endif
        if (sent <= 0) return -1;
        data += sent, size -= sent;
    }
    return 0;
}

static int answer(Connection *c, const char *status, const char *headers, const char *body) {
    char text[4 * TEXT];
    size_t size = strlen(body);
    int length = snprintf(text, sizeof text, "HTTP/1.1 %s\r\nServer: sink\r\nx-amz-request-id: 1\r\n%s%s", status, headers,
                          strstr(headers, "Content-Length:") ? "" : "Content-Length: ");
    if (!strstr(headers, "Content-Length:")) length += snprintf(text + length, sizeof text - length, "%zu\r\n", size);
    length += snprintf(text + length, sizeof text - length, "\r\n%s", body);
    return send_all(c, text, length);
}

typedef struct Request {
    char method[16], path[TEXT], query[TEXT];
    long long length, decoded; /* of the body as sent, and without the chunks of "aws-chunked" */
    char checksum[64], algorithm[32];
    int expects, closes, is_chunked;
} Request;

static int header(const char *head, const char *name, char *value, size_t most) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\r\n%s:", name);
    const char *at = strcasestr(head, wanted);
    if (!at) return 0;
    at += strlen(wanted) + strspn(at + strlen(wanted), " ");
    snprintf(value, most, "%.*s", (int)strcspn(at, "\r"), at);
    return 1;
}

/* Whether the query has the name; its value, undone of %2F and the like only as far as ids need it. */
static int parameter(const char *query, const char *name, char *value, size_t most) {
    size_t length = strlen(name);
    for (const char *at = query; at && *at; at = strchr(at, '&') ? strchr(at, '&') + 1 : 0)
        if (!strncmp(at, name, length) && strchr("=&", at[length])) {
            at += length + (at[length] == '=');
            snprintf(value, most, "%.*s", (int)strcspn(at, "&"), at);
            return 1;
        }
    return 0;
}

/* Read one head; what was received of the body stays in c->head, c->held bytes from its start. */
static int read_head(Connection *c, Request *r) {
    char *end, text[64];
    while (!(end = memmem(c->head, c->held, "\r\n\r\n", 4))) {
        ssize_t got = c->held < HEAD_SIZE ? receive(c, c->head + c->held, HEAD_SIZE - c->held, 1) : 0;
        if (got <= 0) return -1;
        c->held += got;
    }
    *end = 0;
    char target[2 * TEXT];
    memset(r, 0, sizeof *r);
    if (sscanf(c->head, "%15s %2047s", r->method, target) != 2) return -1;
    snprintf(r->path, TEXT, "%.*s", (int)strcspn(target, "?"), target);
    snprintf(r->query, TEXT, "%s", strchr(target, '?') ? strchr(target, '?') + 1 : "");
    r->length = header(c->head, "Content-Length", text, sizeof text) ? atoll(text) : 0;
    r->decoded = header(c->head, "x-amz-decoded-content-length", text, sizeof text) ? atoll(text) : r->length;
    r->expects = header(c->head, "Expect", text, sizeof text);
    r->closes = header(c->head, "Connection", text, sizeof text) && !strcasecmp(text, "close");
    r->is_chunked = header(c->head, "Transfer-Encoding", text, sizeof text);
    header(c->head, "x-amz-checksum-crc64nvme", r->checksum, sizeof r->checksum);
    header(c->head, "x-amz-checksum-algorithm", r->algorithm, sizeof r->algorithm);
    size_t used = end + 4 - c->head;
    c->held -= used;
    memmove(c->head, c->head + used, c->held);
    return 0;
}

static int skip(Connection *c, long long size) {
    size_t here = (long long)c->held < size ? c->held : (size_t)size;
    c->held -= here;
    memmove(c->head, c->head + here, c->held);
    for (long long left = size - here; left > 0;) {
        ssize_t got = receive(c, c->piece, left < PIECE ? left : PIECE, 0);
        if (got <= 0) return -1;
        left -= got;
    }
    return 0;
}

/* A body whose length nobody told before, as boto3 and aws-cli send it over TLS. */
static int skip_chunks(Connection *c) {
    for (;;) {
        char *end;
        while (!(end = memchr(c->head, '\n', c->held))) {
            ssize_t got = c->held < HEAD_SIZE ? receive(c, c->head + c->held, HEAD_SIZE - c->held, 1) : 0;
            if (got <= 0) return -1;
            c->held += got;
        }
        long long size = strtoll(c->head, 0, 16);
        if (skip(c, end + 1 - c->head + size + 2)) return -1;
        if (!size) return 0;
    }
}

static int discard_body(Connection *c, const Request *r) {
    if (r->expects && send_all(c, "HTTP/1.1 100 Continue\r\n\r\n", 25)) return -1;
    return r->is_chunked ? skip_chunks(c) : skip(c, r->length);
}

/* ---- the operations ---- */

static const char *echoed(const Request *r, char *headers, const char *etag) {
    int length = snprintf(headers, TEXT, "ETag: \"%s\"\r\n", etag);
    if (*r->checksum) snprintf(headers + length, TEXT - length, "x-amz-checksum-crc64nvme: %s\r\n", r->checksum);
    return headers;
}

static int create(Connection *c, const Request *r) {
    char body[4 * TEXT], headers[TEXT] = IS_XML;
    pthread_mutex_lock(&lock);
    unsigned number = ++upload_count;
    Upload *upload = uploads[number % TABLE] = calloc(1, sizeof(Upload));
    snprintf(upload->path, TEXT, "%s", r->path);
    pthread_mutex_unlock(&lock);
    if (*r->algorithm)
        snprintf(headers, TEXT, IS_XML "x-amz-checksum-algorithm: %s\r\nx-amz-checksum-type: FULL_OBJECT\r\n", r->algorithm);
    snprintf(body, sizeof body,
             XML "<InitiateMultipartUploadResult" NAMESPACE "><Bucket>b</Bucket><Key>%s</Key>"
                 "<UploadId>%u</UploadId></InitiateMultipartUploadResult>", r->path, number);
    return answer(c, "200 OK", headers, body);
}

static int put_part(Connection *c, const Request *r, const char *id, int number) {
    char headers[TEXT], etag[40];
    pthread_mutex_lock(&lock);
    Upload *upload = upload_of(id);
    if (upload && number > 0 && number <= MOST_PARTS) upload->sizes[number] = r->decoded;
    pthread_mutex_unlock(&lock);
    snprintf(etag, sizeof etag, "%032d", number);
    return answer(c, "200 OK", echoed(r, headers, etag), "");
}

static int complete(Connection *c, const Request *r, const char *id) {
    char body[4 * TEXT], sum[TEXT] = "";
    long long size = 0;
    pthread_mutex_lock(&lock);
    Upload *upload = upload_of(id);
    for (int number = 1; upload && number <= MOST_PARTS; number++) size += upload->sizes[number];
    if (upload) store(upload->path, size), free(upload), uploads[strtoul(id, 0, 10) % TABLE] = 0;
    pthread_mutex_unlock(&lock);
    if (*r->checksum)
        snprintf(sum, TEXT, "<ChecksumCRC64NVME>%s</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>", r->checksum);
    snprintf(body, sizeof body,
             XML "<CompleteMultipartUploadResult" NAMESPACE "><Location>/</Location><Bucket>b</Bucket><Key>%s</Key>"
                 "<ETag>\"0-1\"</ETag>%s</CompleteMultipartUploadResult>", r->path, sum);
    return answer(c, "200 OK", IS_XML, body);
}

static int look(Connection *c, const Request *r) {
    char headers[TEXT];
    const char *key = r->path[0] ? strchr(r->path + 1, '/') : 0;
    if (!key || !key[1]) return answer(c, "200 OK", "x-amz-bucket-region: us-east-1\r\n", ""); /* the bucket */
    pthread_mutex_lock(&lock);
    Object *object = place_of(r->path);
    long long size = object->path ? object->size : -1;
    pthread_mutex_unlock(&lock);
    int is_head = !strcmp(r->method, "HEAD");
    if (size < 0)
        return answer(c, "404 Not Found", is_head ? "Content-Length: 0\r\n" : IS_XML,
                      is_head ? "" : XML "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>");
    snprintf(headers, TEXT, "Content-Length: %lld\r\nETag: \"0-1\"\r\nLast-Modified: Fri, 27 Nov 2026 09:00:00 GMT\r\n", size);
    return answer(c, "200 OK", headers, "") || !is_head ? -1 : 0;
}

static int serve(Connection *c, const Request *r) {
    char id[TEXT], number[16], text[16], headers[TEXT];
    int has_id = parameter(r->query, "uploadId", id, sizeof id);
    if (!strcmp(r->method, "POST") && parameter(r->query, "uploads", text, sizeof text)) return create(c, r);
    if (!strcmp(r->method, "POST") && has_id) return complete(c, r, id);
    if (!strcmp(r->method, "PUT") && has_id && parameter(r->query, "partNumber", number, sizeof number))
        return put_part(c, r, id, atoi(number));
    if (!strcmp(r->method, "PUT")) {
        pthread_mutex_lock(&lock);
        store(r->path, r->decoded);
        pthread_mutex_unlock(&lock);
        return answer(c, "200 OK", echoed(r, headers, "d41d8cd98f00b204e9800998ecf8427e"), "");
    }
    if (!strcmp(r->method, "DELETE")) return answer(c, "204 No Content", "", "");
    if (!strcmp(r->method, "GET") && has_id)
        return answer(c, "200 OK", IS_XML, XML "<ListPartsResult" NAMESPACE "><IsTruncated>false</IsTruncated></ListPartsResult>");
    if (!strcmp(r->method, "GET") && parameter(r->query, "uploads", text, sizeof text))
        return answer(c, "200 OK", IS_XML,
                      XML "<ListMultipartUploadsResult" NAMESPACE "><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");
    if (!strcmp(r->method, "GET") && parameter(r->query, "location", text, sizeof text))
        return answer(c, "200 OK", IS_XML, XML "<LocationConstraint" NAMESPACE "/>");
    if (!strcmp(r->method, "GET") && *r->query)
        return answer(c, "200 OK", IS_XML,
                      XML "<ListBucketResult" NAMESPACE "><Name>b</Name><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys>"
                          "<IsTruncated>false</IsTruncated></ListBucketResult>");
    return look(c, r);
}

static void *converse(void *argument) {
    Connection *c = argument;
    Request request;
#ifdef WITH_TLS
    if (tls_context) {
        c->tls = SSL_new(tls_context);
        SSL_set_fd(c->tls, c->fd);
        if (SSL_accept(c->tls) != 1) goto over;
    }
#endif
    while (!read_head(c, &request) && !discard_body(c, &request) && !serve(c, &request) && !request.closes) continue;
#ifdef WITH_TLS
over:
    if (c->tls) SSL_free(c->tls);
#endif
    close(c->fd);
    free(c);
    return 0;
}

int main(int count, char **arguments) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    address.sin_port = htons(count > 1 ? atoi(arguments[1]) : 0);
    signal(SIGPIPE, SIG_IGN);
#ifdef WITH_TLS
    if (count > 2) {
        tls_context = SSL_CTX_new(TLS_server_method());
        if (SSL_CTX_use_certificate_chain_file(tls_context, arguments[2]) != 1 ||
            SSL_CTX_use_PrivateKey_file(tls_context, arguments[2], SSL_FILETYPE_PEM) != 1)
            return fprintf(stderr, "sink: certificate or key cannot be used\n"), 1;
    }
#endif
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 512)) return perror("sink"), 1;
    puts("ready");
    fflush(stdout);
    for (;;) {
        Connection *c = calloc(1, sizeof *c);
        pthread_t thread;
        c->fd = accept(listener, 0, 0);
        if (c->fd < 0) {
            free(c);
            continue;
        }
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        pthread_create(&thread, 0, converse, c);
        pthread_detach(thread);
    }
}
