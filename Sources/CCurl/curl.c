/* Hidden: a definition here must not take the place of libcurl's own inside libcurl. */
#pragma GCC visibility push(hidden)
#include "shim.h"
#pragma GCC visibility pop

#include <dlfcn.h>
#include <stddef.h>

/* The functions of libcurl that are used, under their own names. */
static struct {
    CURLcode (*global_init)(long);
    char *(*version)(void);
    CURL *(*easy_init)(void);
    void (*easy_cleanup)(CURL *);
    const char *(*easy_strerror)(CURLcode);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    struct curl_slist *(*slist_append)(struct curl_slist *, const char *);
    void (*slist_free_all)(struct curl_slist *);
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_cleanup)(CURLM *);
    CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
    CURLMcode (*multi_add_handle)(CURLM *, CURL *);
    CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
    CURLMcode (*multi_perform)(CURLM *, int *);
    CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd[], unsigned int, int, int *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
} libcurl;

static int find(void *library, void *function, const char *name) {
    *(void **)function = dlsym(library, name);
    return *(void **)function != NULL;
}

int tidegate_curl_start(void) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return 0;
    return find(library, &libcurl.global_init, "curl_global_init")
        && find(library, &libcurl.version, "curl_version")
        && find(library, &libcurl.easy_init, "curl_easy_init")
        && find(library, &libcurl.easy_cleanup, "curl_easy_cleanup")
        && find(library, &libcurl.easy_strerror, "curl_easy_strerror")
        && find(library, &libcurl.easy_setopt, "curl_easy_setopt")
        && find(library, &libcurl.easy_getinfo, "curl_easy_getinfo")
        && find(library, &libcurl.slist_append, "curl_slist_append")
        && find(library, &libcurl.slist_free_all, "curl_slist_free_all")
        && find(library, &libcurl.multi_init, "curl_multi_init")
        && find(library, &libcurl.multi_cleanup, "curl_multi_cleanup")
        && find(library, &libcurl.multi_setopt, "curl_multi_setopt")
        && find(library, &libcurl.multi_add_handle, "curl_multi_add_handle")
        && find(library, &libcurl.multi_remove_handle, "curl_multi_remove_handle")
        && find(library, &libcurl.multi_perform, "curl_multi_perform")
        && find(library, &libcurl.multi_poll, "curl_multi_poll")
        && find(library, &libcurl.multi_info_read, "curl_multi_info_read")
        && libcurl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

char *curl_version(void) { return libcurl.version(); }
CURL *curl_easy_init(void) { return libcurl.easy_init(); }
void curl_easy_cleanup(CURL *handle) { libcurl.easy_cleanup(handle); }
const char *curl_easy_strerror(CURLcode code) { return libcurl.easy_strerror(code); }

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text) {
    return libcurl.slist_append(list, text);
}

void curl_slist_free_all(struct curl_slist *list) { libcurl.slist_free_all(list); }
CURLM *curl_multi_init(void) { return libcurl.multi_init(); }
CURLMcode curl_multi_cleanup(CURLM *multi) { return libcurl.multi_cleanup(multi); }
CURLMcode curl_multi_add_handle(CURLM *multi, CURL *handle) { return libcurl.multi_add_handle(multi, handle); }

CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *handle) {
    return libcurl.multi_remove_handle(multi, handle);
}

CURLMcode curl_multi_perform(CURLM *multi, int *running) { return libcurl.multi_perform(multi, running); }

CURLMcode curl_multi_poll(CURLM *multi, struct curl_waitfd extra[], unsigned int count, int timeout, int *ready) {
    return libcurl.multi_poll(multi, extra, count, timeout, ready);
}

CURLMsg *curl_multi_info_read(CURLM *multi, int *waiting) { return libcurl.multi_info_read(multi, waiting); }

CURLcode tidegate_curl_set_long(CURL *handle, CURLoption option, long value) {
    return libcurl.easy_setopt(handle, option, value);
}

CURLcode tidegate_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return libcurl.easy_setopt(handle, option, value);
}

CURLcode tidegate_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return libcurl.easy_setopt(handle, option, value);
}

CURLcode tidegate_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return libcurl.easy_setopt(handle, option, value);
}

CURLcode tidegate_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return libcurl.easy_setopt(handle, option, value);
}

CURLcode tidegate_curl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return libcurl.easy_setopt(handle, option, &blob);
}

CURLcode tidegate_curl_set_data_function(
    CURL *handle, CURLoption option, tidegate_curl_data_function function) {
    return libcurl.easy_setopt(handle, option, function);
}

CURLcode tidegate_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return libcurl.easy_getinfo(handle, info, value);
}

CURLMcode tidegate_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return libcurl.multi_setopt(multi, option, value);
}
