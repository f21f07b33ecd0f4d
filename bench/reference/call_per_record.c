/*
 * The obvious reader of a ring buffer, for comparison: an addon that copies each record into a Buffer of its own and calls
 * a JavaScript function with it, straight from libbpf's callback.
 *
 * open(fd) → a reader; consume(reader, function) → how many records there were.
 */
#include <node_api.h>
#include <bpf/libbpf.h>
#include <stdint.h>

struct reader {
	struct ring_buffer *ring;
	napi_env env;
	napi_value function;
};

static int on_record(void *context, void *data, size_t size)
{
	struct reader *reader = context;
	napi_handle_scope scope;
	napi_value buffer, global, result;
	int failed;

	napi_open_handle_scope(reader->env, &scope);
	napi_get_global(reader->env, &global);
	napi_create_buffer_copy(reader->env, size, data, NULL, &buffer);
	failed = napi_call_function(reader->env, global, reader->function, 1, &buffer, &result) != napi_ok;
	napi_close_handle_scope(reader->env, scope);
	return failed ? -1 : 0;
}

static napi_value open_reader(napi_env env, napi_callback_info info)
{
	static struct reader reader;
	napi_value arguments[1], result;
	size_t count = 1;
	int32_t fd;

	napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
	napi_get_value_int32(env, arguments[0], &fd);
	reader.ring = ring_buffer__new(fd, on_record, &reader, NULL);
	napi_create_external(env, &reader, NULL, NULL, &result);
	return result;
}

static napi_value consume(napi_env env, napi_callback_info info)
{
	napi_value arguments[2], result;
	struct reader *reader;
	size_t count = 2;

	napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
	napi_get_value_external(env, arguments[0], (void **)&reader);
	reader->env = env;
	reader->function = arguments[1];
	napi_create_int32(env, ring_buffer__consume(reader->ring), &result);
	return result;
}

NAPI_MODULE_INIT()
{
	napi_value function;

	napi_create_function(env, "open", NAPI_AUTO_LENGTH, open_reader, NULL, &function);
	napi_set_named_property(env, exports, "open", function);
	napi_create_function(env, "consume", NAPI_AUTO_LENGTH, consume, NULL, &function);
	napi_set_named_property(env, exports, "consume", function);
	return exports;
}
