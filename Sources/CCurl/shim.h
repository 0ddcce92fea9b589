#ifndef TIDEGATE_CCURL_SHIM_H
#define TIDEGATE_CCURL_SHIM_H

#include <curl/curl.h>

/* Swift cannot call C functions with variable arguments. Each wrapper below fixes the type of the one that libcurl
 * expects for an option; passing an option to the wrapper of another type is undefined, as it is in C. */

typedef size_t (*tidegate_curl_data_function)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode tidegate_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode tidegate_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

/* libcurl copies the string. */
static inline CURLcode tidegate_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode tidegate_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

/* The list must live as long as the handle uses it. */
static inline CURLcode tidegate_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

/* libcurl copies the bytes. */
static inline CURLcode tidegate_curl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return curl_easy_setopt(handle, option, &blob);
}

/* For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
static inline CURLcode tidegate_curl_set_data_function(
    CURL *handle, CURLoption option, tidegate_curl_data_function function) {
    return curl_easy_setopt(handle, option, function);
}

static inline CURLcode tidegate_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode tidegate_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/* The message's result sits in a union, and its handle is compared only. */
static inline CURLcode tidegate_curl_message_result(const CURLMsg *message) {
    return message->data.result;
}

/* Macros with casts do not reach Swift. */
static inline CURLcode tidegate_curl_global_init(void) {
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

static inline long tidegate_curl_tls_1_2_or_newer(void) {
    return CURL_SSLVERSION_TLSv1_2;
}

static inline long tidegate_curl_http_1_1(void) {
    return CURL_HTTP_VERSION_1_1;
}

#endif
