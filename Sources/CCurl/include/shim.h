#ifndef TIDEGATE_CCURL_SHIM_H
#define TIDEGATE_CCURL_SHIM_H

#include <curl/curl.h>

/* libcurl is loaded when it is first needed, not when the program starts: with its TLS, LDAP and Kerberos libraries
 * that takes longer than most verbs take altogether, and rolling back needs none of them.
 *
 * Returns whether libcurl could be loaded and started; until it has, no other function here may be called. Once for
 * the process, from one thread. */
int tidegate_curl_start(void);

/* Swift cannot call C functions with variable arguments. Each wrapper below fixes the type of the one that libcurl
 * expects for an option; passing an option to the wrapper of another type is undefined, as it is in C. */

typedef size_t (*tidegate_curl_data_function)(char *bytes, size_t size, size_t count, void *context);

CURLcode tidegate_curl_set_long(CURL *handle, CURLoption option, long value);

CURLcode tidegate_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value);

/* libcurl copies the string. */
CURLcode tidegate_curl_set_string(CURL *handle, CURLoption option, const char *value);

CURLcode tidegate_curl_set_pointer(CURL *handle, CURLoption option, void *value);

/* The list must live as long as the handle uses it. */
CURLcode tidegate_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);

/* libcurl copies the bytes. */
CURLcode tidegate_curl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count);

/* For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
CURLcode tidegate_curl_set_data_function(
    CURL *handle, CURLoption option, tidegate_curl_data_function function);

CURLcode tidegate_curl_get_long(CURL *handle, CURLINFO info, long *value);

CURLMcode tidegate_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);

/* The message's result sits in a union, and its handle is compared only. */
static inline CURLcode tidegate_curl_message_result(const CURLMsg *message) {
    return message->data.result;
}

/* Macros with casts do not reach Swift. */
static inline long tidegate_curl_tls_1_2_or_newer(void) {
    return CURL_SSLVERSION_TLSv1_2;
}

static inline long tidegate_curl_http_1_1(void) {
    return CURL_HTTP_VERSION_1_1;
}

#endif
