#define _GNU_SOURCE
#include "CEpollFloor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_BYTES = 16 * 1024, EVENTS = 256, BACKLOG = 4096, NO_STREAM = -1 };

static const char OPENING[] = "HTTP/1.1 200 OK\r\n"
                              "Content-Type: text/event-stream\r\n"
                              "Cache-Control: no-cache, no-transform\r\n"
                              "Transfer-Encoding: chunked\r\n\r\n"
                              "1a\r\nevent: snapshot\ndata: {}\n\n\r\n";
static const char DONE[] = "HTTP/1.1 204 No Content\r\n\r\n";

struct connection {
    char *request; // what has arrived of a request; NULL in between, and once it is a stream
    int length;
    int stream; // its place among the streams, or NO_STREAM
};

struct server {
    int poll, listener;
    int files;
    struct connection *connections; // by descriptor
    int *streams;                   // the descriptors of all streams
    int stream_count;
};

int floor_listen(uint16_t *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0) return -1;
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, BACKLOG) ||
        getsockname(listener, (struct sockaddr *)&address, &length)) {
        int problem = errno;
        close(listener);
        errno = problem;
        return -1;
    }
    *port = ntohs(address.sin_port);
    return listener;
}

static int watch(struct server *server, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
    return epoll_ctl(server->poll, EPOLL_CTL_ADD, descriptor, &event);
}

static void drop(struct server *server, int descriptor) {
    struct connection *connection = &server->connections[descriptor];
    free(connection->request);
    if (connection->stream >= 0) {
        int last = server->streams[--server->stream_count];
        server->streams[connection->stream] = last;
        server->connections[last].stream = connection->stream;
    }
    *connection = (struct connection){.stream = NO_STREAM};
    close(descriptor);
}

static void accept_all(struct server *server) {
    int descriptor;
    while ((descriptor = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (descriptor >= server->files || watch(server, descriptor)) {
            close(descriptor);
            continue;
        }
        server->connections[descriptor] = (struct connection){.stream = NO_STREAM};
    }
}

static void broadcast(struct server *server, const char *body, int length) {
    char chunk[REQUEST_BYTES + 32];
    int size = snprintf(chunk, sizeof chunk, "%x\r\n", length);
    memcpy(chunk + size, body, length);
    memcpy(chunk + size + length, "\r\n", 2);
    size += length + 2;
    for (int index = 0; index < server->stream_count; index++) {
        int stream = server->streams[index];
        // It may have an event in hand already, so it is dropped when the next one comes.
        if (send(stream, chunk, size, MSG_NOSIGNAL | MSG_DONTWAIT) != size) shutdown(stream, SHUT_RDWR);
    }
}

// Answers a request once it is whole. Returns false when the connection is of no more use.
static int answer(struct server *server, int descriptor) {
    struct connection *connection = &server->connections[descriptor];
    char *request = connection->request;
    request[connection->length] = 0;
    char *end = strstr(request, "\r\n\r\n");
    if (end == NULL) return connection->length < REQUEST_BYTES;
    if (strncmp(request, "GET ", 4) == 0) {
        free(request);
        connection->request = NULL;
        connection->stream = server->stream_count;
        server->streams[server->stream_count++] = descriptor;
        return send(descriptor, OPENING, sizeof OPENING - 1, MSG_NOSIGNAL) == sizeof OPENING - 1;
    }
    char *field = strcasestr(request, "\r\ncontent-length:");
    int body = field == NULL || field > end ? 0 : atoi(field + strlen("\r\ncontent-length:"));
    int head = (int)(end + 4 - request);
    if (body < 0 || body > REQUEST_BYTES - head) return 0;
    if (connection->length < head + body) return 1;
    broadcast(server, request + head, body);
    connection->length = 0;
    return send(descriptor, DONE, sizeof DONE - 1, MSG_NOSIGNAL) == sizeof DONE - 1;
}

static int take(struct server *server, int descriptor) {
    struct connection *connection = &server->connections[descriptor];
    char nothing[512];
    if (connection->stream >= 0) {
        ssize_t count = recv(descriptor, nothing, sizeof nothing, 0);
        return count > 0 || (count < 0 && errno == EAGAIN);
    }
    if (connection->request == NULL && (connection->request = malloc(REQUEST_BYTES + 1)) == NULL) return 0;
    ssize_t count =
        recv(descriptor, connection->request + connection->length, REQUEST_BYTES - connection->length, 0);
    if (count <= 0) return count < 0 && errno == EAGAIN;
    connection->length += (int)count;
    return answer(server, descriptor);
}

static int prepare(struct server *server) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) return -1;
    server->files = (int)limit.rlim_cur;
    server->connections = calloc(server->files, sizeof *server->connections);
    server->streams = calloc(server->files, sizeof *server->streams);
    server->poll = epoll_create1(EPOLL_CLOEXEC);
    if (server->connections == NULL || server->streams == NULL || server->poll < 0) return -1;
    for (int descriptor = 0; descriptor < server->files; descriptor++)
        server->connections[descriptor].stream = NO_STREAM;
    return watch(server, server->listener);
}

static int serve(struct server *server) {
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(server->poll, events, EVENTS, -1);
        if (count < 0 && errno != EINTR) return errno;
        for (int index = 0; index < count; index++) {
            int descriptor = events[index].data.fd;
            if (descriptor == server->listener) {
                accept_all(server);
            } else if (!take(server, descriptor)) {
                drop(server, descriptor);
            }
        }
    }
}

int floor_serve(int listener) {
    struct server server = {.listener = listener};
    return prepare(&server) ? errno : serve(&server);
}
