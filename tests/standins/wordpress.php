<?php
/**
 * The few functions of WordPress that docs/examples/wordpress/plumbline-reports.php uses, as far as it uses them, so that
 * the example runs without a WordPress. What a test wants comes as JSON on standard input; what came of it goes out as
 * JSON. Requests to the desk are real ones.
 */

$asked = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$made = ['providers' => [], 'transients' => $asked['transients'] ?? [], 'requests' => 0];
$hooks = $shortcodes = $routes = [];

const ABSPATH = '/nowhere/';
const HOUR_IN_SECONDS = 3600;
define('PLUMBLINE_DESK', $asked['desk']);
if (isset($asked['secret'])) {
    define('PLUMBLINE_SECRET', $asked['secret']);
}
if (isset($asked['markup'])) {
    define('PLUMBLINE_MARKUP', $asked['markup']);
}

function add_action(string $name, callable $do): void
{
    global $hooks;
    $hooks[$name][] = $do;
}
function do_action(string $name): void
{
    global $hooks;
    foreach ($hooks[$name] ?? [] as $do) {
        $do();
    }
}
function add_shortcode(string $name, callable $do): void
{
    global $shortcodes;
    $shortcodes[$name] = $do;
}
function wp_oembed_add_provider(string $format, string $provider): void
{
    global $made;
    $made['providers'][$format] = $provider;
}
function sanitize_title(string $title): string
{
    return trim(preg_replace('~[^a-z0-9_]+~', '-', strtolower($title)), '-');
}
function esc_attr(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES, 'UTF-8');
}
function esc_attr__(string $text, string $domain): string
{
    return esc_attr($text);
}
function esc_url(string $url): string
{
    return preg_match('~^https?://~', $url) ? esc_attr($url) : '';
}
function is_singular(string $type): bool
{
    global $asked;
    return ($asked['singular'] ?? 'post') === $type;
}
function get_post(): object
{
    global $asked;
    return (object) ['post_content' => $asked['content'] ?? ''];
}
function get_permalink(): string
{
    return 'https://paper.example/2026/a-check/';
}
function wp_json_encode(mixed $data, int $flags = 0): string|false
{
    return json_encode($data, $flags);
}
function get_transient(string $key): mixed
{
    global $made;
    return $made['transients'][$key] ?? false;
}
function set_transient(string $key, mixed $value, int $seconds): bool
{
    global $made;
    $made['transients'][$key] = $value;
    return true;
}
function delete_transient(string $key): bool
{
    global $made;
    unset($made['transients'][$key]);
    return true;
}
function wp_remote_get(string $url, array $how = []): array
{
    global $made;
    $made['requests']++;
    $context = stream_context_create(['http' => ['timeout' => $how['timeout'] ?? 5, 'ignore_errors' => true]]);
    $body = @file_get_contents($url, false, $context);
    if ($body === false) {
        return ['response' => ['code' => ''], 'body' => ''];
    }
    preg_match('~^HTTP/\S+ (\d+)~', $http_response_header[0], $status);
    return ['response' => ['code' => (int) $status[1]], 'body' => $body];
}
function wp_remote_retrieve_response_code(array $answer): int|string
{
    return $answer['response']['code'];
}
function wp_remote_retrieve_body(array $answer): string
{
    return $answer['body'];
}
function register_rest_route(string $space, string $route, array $how): bool
{
    global $routes;
    $routes[$space . $route] = $how;
    return true;
}
class WP_REST_Request
{
    public function __construct(private array $headers, private string $body)
    {
        $this->headers = array_change_key_case($headers);
    }
    public function get_header(string $name): ?string
    {
        return $this->headers[strtolower($name)] ?? null;
    }
    public function get_body(): string
    {
        return $this->body;
    }
    public function get_json_params(): ?array
    {
        return json_decode($this->body, true);
    }
}
class WP_REST_Response
{
    public function __construct(public mixed $data, public int $status)
    {
    }
}

require $asked['plugin'];
do_action('init');
do_action('rest_api_init');

if (isset($asked['shortcode'])) {
    $made['shortcode'] = $shortcodes['plumbline']($asked['shortcode']);
}
if (isset($asked['content'])) {
    ob_start();
    do_action('wp_head');
    $made['head'] = ob_get_clean();
}
if (isset($asked['call'])) {
    $request = new WP_REST_Request($asked['call']['headers'], $asked['call']['body']);
    $route = $routes['plumbline/v1/told'];
    $made['status'] = $route['permission_callback']($request) ? $route['callback']($request)->status : 401;
}
$made['transients'] = (object) $made['transients'];
echo json_encode($made, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
