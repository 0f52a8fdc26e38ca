// Host calls, as guest.c calls them. Checks come in the order of proxy-wasm-cpp-host's exports.cc: what is out of range, then memory, then
// the context's own.

#ifndef FILTERWRIGHT_CALLS_H_
#define FILTERWRIGHT_CALLS_H_

#include "log.h"
#include "vm.h"

typedef uint32_t u;
typedef uint64_t ul;

u host_proxy_add_header_map_value(vm*, u map, u name, u name_size, u value, u value_size);
u host_proxy_replace_header_map_value(vm*, u map, u name, u name_size, u value, u value_size);
u host_proxy_remove_header_map_value(vm*, u map, u name, u name_size);
u host_proxy_get_header_map_value(vm*, u map, u name, u name_size, u value_at, u size_at);
u host_proxy_get_header_map_pairs(vm*, u map, u pairs_at, u size_at);
u host_proxy_set_header_map_pairs(vm*, u map, u pairs, u size);
u host_proxy_get_header_map_size(vm*, u map, u size_at);

u host_proxy_get_buffer_bytes(vm*, u type, u start, u length, u bytes_at, u size_at);
u host_proxy_get_buffer_status(vm*, u type, u length_at, u flags_at);
u host_proxy_set_buffer_bytes(vm*, u type, u start, u length, u data, u size);

u host_proxy_continue_stream(vm*, u type);
u host_proxy_close_stream(vm*, u type);
u host_proxy_send_local_response(vm*, u status, u details, u details_size, u body, u body_size, u pairs, u pairs_size, u grpc_status);
u host_proxy_get_property(vm*, u path, u path_size, u value_at, u size_at);
u host_proxy_set_property(vm*, u path, u path_size, u value, u value_size);

u host_proxy_log(vm*, u level, u message, u size);
u host_proxy_get_log_level(vm*, u level_at);
u host_proxy_get_current_time_nanoseconds(vm*, u time_at);
u host_proxy_set_tick_period_milliseconds(vm*, u period);
u host_proxy_set_effective_context(vm*, u id);
u host_proxy_done(vm*);
u host_proxy_get_status(vm*, u code_at, u message_at, u size_at);
u host_proxy_call_foreign_function(vm*, u name, u name_size, u argument, u argument_size, u result_at, u result_size_at);
u host_pthread_equal(vm*, u left, u right);
void host_emscripten_notify_memory_growth(vm*, u memory);
u host_envoy_resolve_dns(vm*, u address, u size, u token_at);

u host_proxy_define_metric(vm*, u type, u name, u name_size, u id_at);
u host_proxy_increment_metric(vm*, u id, ul offset);
u host_proxy_record_metric(vm*, u id, ul value);
u host_proxy_get_metric(vm*, u id, u value_at);

u host_proxy_get_shared_data(vm*, u key, u key_size, u value_at, u size_at, u cas_at);
u host_proxy_set_shared_data(vm*, u key, u key_size, u value, u value_size, u cas);
u host_proxy_register_shared_queue(vm*, u name, u name_size, u token_at);
u host_proxy_resolve_shared_queue(vm*, u vm_id, u vm_id_size, u name, u name_size, u token_at);
u host_proxy_enqueue_shared_queue(vm*, u token, u data, u size);
u host_proxy_dequeue_shared_queue(vm*, u token, u data_at, u size_at);

u host_proxy_http_call(vm*, u cluster, u cluster_size, u headers, u headers_size, u body, u body_size, u trailers, u trailers_size, u timeout,
                       u token_at);
u host_proxy_grpc_call(vm*, u service, u service_size, u name, u name_size, u method, u method_size, u metadata, u metadata_size, u message,
                       u message_size, u timeout, u token_at);
u host_proxy_grpc_stream(vm*, u service, u service_size, u name, u name_size, u method, u method_size, u metadata, u metadata_size,
                         u token_at);
u host_proxy_grpc_send(vm*, u token, u message, u size, u is_end);
u host_proxy_grpc_close(vm*, u token);
u host_proxy_grpc_cancel(vm*, u token);

u host_args_get(vm*, u, u);
u host_args_sizes_get(vm*, u count_at, u size_at);
u host_clock_res_get(vm*, u clock, u at);
u host_clock_time_get(vm*, u clock, ul precision, u at);
u host_environ_get(vm*, u array, u text);
u host_environ_sizes_get(vm*, u count_at, u size_at);
u host_fd_advise(vm*, u fd, ul, ul, u);
u host_fd_allocate(vm*, u fd, ul, ul);
u host_fd_close(vm*, u fd);
u host_fd_datasync(vm*, u fd);
u host_fd_fdstat_get(vm*, u fd, u at);
u host_fd_fdstat_set_flags(vm*, u fd, u);
u host_fd_fdstat_set_rights(vm*, u fd, ul, ul);
u host_fd_filestat_get(vm*, u fd, u);
u host_fd_filestat_set_size(vm*, u fd, ul);
u host_fd_filestat_set_times(vm*, u fd, ul, ul, u);
u host_fd_pread(vm*, u fd, u, u, ul, u);
u host_fd_prestat_dir_name(vm*, u fd, u, u);
u host_fd_prestat_get(vm*, u fd, u);
u host_fd_pwrite(vm*, u fd, u vectors, u count, ul offset, u written_at);
u host_fd_read(vm*, u fd, u, u, u);
u host_fd_readdir(vm*, u fd, u, u, ul, u used_at);
u host_fd_renumber(vm*, u from, u to);
u host_fd_seek(vm*, u fd, ul, u, u);
u host_fd_sync(vm*, u fd);
u host_fd_tell(vm*, u fd, u at);
u host_fd_write(vm*, u fd, u vectors, u count, u written_at);
u host_path_create_directory(vm*, u, u, u);
u host_path_filestat_get(vm*, u, u, u, u, u);
u host_path_filestat_set_times(vm*, u, u, u, u, ul, ul, u);
u host_path_link(vm*, u, u, u, u, u, u);
u host_path_open(vm*, u, u, u, u, u, ul, ul, u, u);
u host_path_readlink(vm*, u, u, u, u, u, u size_at);
u host_path_remove_directory(vm*, u, u, u);
u host_path_rename(vm*, u, u, u, u, u, u);
u host_path_symlink(vm*, u, u, u, u);
u host_path_unlink_file(vm*, u, u, u);
u host_poll_oneoff(vm*, u, u, u, u count_at);
void host_proc_exit(vm*, u code);
u host_random_get(vm*, u at, u size);
u host_sched_yield(vm*);
u host_sock_accept(vm*, u, u, u at);
u host_sock_recv(vm*, u, u, u, u, u size_at, u flags_at);
u host_sock_send(vm*, u, u, u, u, u size_at);
u host_sock_shutdown(vm*, u, u);

// What more than one of them does.

/** A line of the module's in Envoy's log. */
void vm_log(vm*, log_level, bytes);
/** Nanoseconds since 1970. */
ul wall_clock_now(void);

#endif
