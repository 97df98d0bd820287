/* SPDX-License-Identifier: GPL-2.0-only */
/* Options of DHCP: RFC 2132 and https://www.iana.org/assignments/bootp-dhcp-parameters. */
#include "dhcp.h"

enum {
	OPTION,
	LENGTH,
	VALUE,
	END,
	PADDING,
	SUBNET_MASK,
	ROUTER,
	TIME_SERVER,
	NAME_SERVER,
	HOST_NAME,
	DOMAIN_NAME,
	MTU,
	BROADCAST,
	NTP_SERVER,
	NETBIOS_SERVER,
	NETBIOS_NODE,
	REQUESTED_ADDRESS,
	LEASE_TIME,
	OVERLOAD,
	KIND,
	SERVER,
	REQUEST_ITEM,
	MESSAGE,
	MAXIMUM_SIZE,
	RENEWAL,
	REBINDING,
	VENDOR_CLASS,
	TFTP_SERVER,
	BOOT_FILE,
	CLIENT_TYPE,
	CLIENT_MAC,
};

enum code {
	CODE_PADDING = 0,
	CODE_CLIENT = 61,
	CODE_END = 255,
};

const struct value_name dhcp_kind_names[] = {
	{ 1, "Discover" },
	{ 2, "Offer" },
	{ 3, "Request" },
	{ 4, "Decline" },
	{ 5, "ACK" },
	{ 6, "NAK" },
	{ 7, "Release" },
	{ 8, "Inform" },
	{ 9, "Force Renew" },
	{ 10, "Lease query" },
	{ 11, "Lease Unassigned" },
	{ 12, "Lease Unknown" },
	{ 13, "Lease Active" },
	{ 14, "Bulk Lease Query" },
	{ 15, "Lease Query Done" },
	{ 0, NULL },
};

static const struct value_name option_names[] = {
	{ CODE_PADDING, "Padding" },
	{ 1, "Subnet Mask" },
	{ 2, "Time Offset" },
	{ 3, "Router" },
	{ 4, "Time Server" },
	{ 5, "Name Server" },
	{ 6, "Domain Name Server" },
	{ 7, "Log Server" },
	{ 12, "Host Name" },
	{ 15, "Domain Name" },
	{ 17, "Root Path" },
	{ 26, "Interface MTU" },
	{ 28, "Broadcast Address" },
	{ 31, "Perform Router Discover" },
	{ 33, "Static Route" },
	{ 42, "Network Time Protocol Servers" },
	{ 43, "Vendor-Specific Information" },
	{ 44, "NetBIOS over TCP/IP Name Server" },
	{ 46, "NetBIOS over TCP/IP Node Type" },
	{ 47, "NetBIOS over TCP/IP Scope" },
	{ 50, "Requested IP Address" },
	{ 51, "IP Address Lease Time" },
	{ 52, "Option Overload" },
	{ 53, "DHCP Message Type" },
	{ 54, "DHCP Server Identifier" },
	{ 55, "Parameter Request List" },
	{ 56, "Message" },
	{ 57, "Maximum DHCP Message Size" },
	{ 58, "Renewal Time Value" },
	{ 59, "Rebinding Time Value" },
	{ 60, "Vendor class identifier" },
	{ CODE_CLIENT, "Client identifier" },
	{ 66, "TFTP Server Name" },
	{ 67, "Bootfile name" },
	{ 77, "User Class Information" },
	{ 81, "Client Fully Qualified Domain Name" },
	{ 82, "Agent Information Option" },
	{ 93, "Client System Architecture" },
	{ 119, "Domain Search" },
	{ 121, "Classless Static Route" },
	{ 125, "V-I Vendor-specific Information" },
	{ 150, "TFTP Server Address" },
	{ 249, "Private/Classless Static Route (Microsoft)" },
	{ 252, "Private/Proxy autodiscovery" },
	{ CODE_END, "End" },
	{ 0, NULL },
};

static const struct value_name hardware_names[] = {
	{ 1, "Ethernet" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[OPTION] = { "dhcp.option.type", "Option", FIELD_NUMBER, 1, .values = option_names },
	[LENGTH] = { "dhcp.option.length", "Length", FIELD_NUMBER, 1 },
	[VALUE] = { "dhcp.option.value", "Value", FIELD_BYTES },
	[END] = { "dhcp.option.end", "Option End", FIELD_NUMBER, 1 },
	[PADDING] = { "dhcp.option.padding", "Padding", FIELD_BYTES },
	[SUBNET_MASK] = { "dhcp.option.subnet_mask", "Subnet Mask", FIELD_IPV4, 4 },
	[ROUTER] = { "dhcp.option.router", "Router", FIELD_IPV4, 4 },
	[TIME_SERVER] = { "dhcp.option.time_server", "Time Server", FIELD_IPV4, 4 },
	[NAME_SERVER] = { "dhcp.option.domain_name_server", "Domain Name Server", FIELD_IPV4, 4 },
	[HOST_NAME] = { "dhcp.option.hostname", "Host Name", FIELD_TEXT },
	[DOMAIN_NAME] = { "dhcp.option.domain_name", "Domain Name", FIELD_TEXT },
	[MTU] = { "dhcp.option.interface_mtu", "Interface MTU", FIELD_NUMBER, 2 },
	[BROADCAST] = { "dhcp.option.broadcast_address", "Broadcast Address", FIELD_IPV4, 4 },
	[NTP_SERVER] = { "dhcp.option.ntp_server", "Network Time Protocol Server", FIELD_IPV4, 4 },
	[NETBIOS_SERVER] = { "dhcp.option.netbios_over_tcpip_name_server",
			     "NetBIOS over TCP/IP Name Server", FIELD_IPV4, 4 },
	[NETBIOS_NODE] = { "dhcp.option.netbios_over_tcpip_node_type",
			   "NetBIOS over TCP/IP Node Type", FIELD_NUMBER, 1 },
	[REQUESTED_ADDRESS] = { "dhcp.option.requested_ip_address", "Requested IP Address",
				FIELD_IPV4, 4 },
	[LEASE_TIME] = { "dhcp.option.ip_address_lease_time", "IP Address Lease Time", FIELD_NUMBER,
			 4, .unit = "seconds" },
	[OVERLOAD] = { "dhcp.option.option_overload", "Option Overload", FIELD_NUMBER, 1 },
	[KIND] = { "dhcp.option.dhcp", "DHCP", FIELD_NUMBER, 1, .values = dhcp_kind_names },
	[SERVER] = { "dhcp.option.dhcp_server_id", "DHCP Server Identifier", FIELD_IPV4, 4 },
	[REQUEST_ITEM] = { "dhcp.option.request_list_item", "Parameter Request List Item",
			   FIELD_NUMBER, 1, .values = option_names },
	[MESSAGE] = { "dhcp.option.message", "Message", FIELD_TEXT },
	[MAXIMUM_SIZE] = { "dhcp.option.dhcp_max_message_size", "Maximum DHCP Message Size",
			   FIELD_NUMBER, 2 },
	[RENEWAL] = { "dhcp.option.renewal_time_value", "Renewal Time Value", FIELD_NUMBER, 4,
		      .unit = "seconds" },
	[REBINDING] = { "dhcp.option.rebinding_time_value", "Rebinding Time Value", FIELD_NUMBER, 4,
			.unit = "seconds" },
	[VENDOR_CLASS] = { "dhcp.option.vendor_class_id", "Vendor class identifier", FIELD_TEXT },
	[TFTP_SERVER] = { "dhcp.option.tftp_server_name", "TFTP Server Name", FIELD_TEXT },
	[BOOT_FILE] = { "dhcp.option.bootfile_name", "Bootfile name", FIELD_TEXT },
	[CLIENT_TYPE] = { "dhcp.hw.type", "Hardware type", FIELD_HEX, 1, .values = hardware_names },
	[CLIENT_MAC] = { "dhcp.hw.mac_addr", "Client MAC address", FIELD_MAC, 6 },
};

#define CLIENT_MAC_BYTES 7 /* of an identifier that is a hardware type and a MAC address */

/* What the value of an option is; as many as fit into it. */
static const uint8_t values[256] = {
	[1] = SUBNET_MASK,   [3] = ROUTER,          [4] = TIME_SERVER,   [6] = NAME_SERVER,
	[12] = HOST_NAME,    [15] = DOMAIN_NAME,    [26] = MTU,          [28] = BROADCAST,
	[42] = NTP_SERVER,   [44] = NETBIOS_SERVER, [46] = NETBIOS_NODE, [50] = REQUESTED_ADDRESS,
	[51] = LEASE_TIME,   [52] = OVERLOAD,       [53] = KIND,         [54] = SERVER,
	[55] = REQUEST_ITEM, [56] = MESSAGE,        [57] = MAXIMUM_SIZE, [58] = RENEWAL,
	[59] = REBINDING,    [60] = VENDOR_CLASS,   [66] = TFTP_SERVER,  [67] = BOOT_FILE,
};

static int dissect_value(struct dissection *dissection, uint64_t code, struct bytes *value)
{
	const struct field_info *info = &fields[values[code & 255]];

	if (code == CODE_CLIENT && value->length == CLIENT_MAC_BYTES && value->data[0] == 1)
		return dissection_add_number(dissection, value, &fields[CLIENT_TYPE], NULL) ||
				       dissection_add_bytes(dissection, value, 6,
							    &fields[CLIENT_MAC], NULL) ?
			       -ENODATA :
			       0;
	if (!values[code & 255] || !value->length)
		return 0;
	if (info->type == FIELD_TEXT)
		return dissection_add_bytes(dissection, value, value->length, info, NULL);
	while (value->length)
		if (info->type == FIELD_IPV4 ?
			    dissection_add_bytes(dissection, value, 4, info, NULL) :
			    dissection_add_number(dissection, value, info, NULL))
			return -ENODATA;
	return 0;
}

static int dissect_option(struct dissection *dissection, uint64_t code, struct bytes *bytes)
{
	struct bytes value, whole;
	uint64_t length;

	if (dissection_add_number(dissection, bytes, &fields[LENGTH], &length) ||
	    bytes_take(bytes, length, &value))
		return -ENODATA;
	whole = value;
	if (length && dissection_add_bytes(dissection, &whole, length, &fields[VALUE], NULL))
		return -ENODATA;
	return dissect_value(dissection, code, &value);
}

static void dissect_padding(struct dissection *dissection, struct bytes *bytes)
{
	size_t length = 0;

	while (length < bytes->length && !bytes->data[length])
		length++;
	if (length)
		(void)dissection_add_bytes(dissection, bytes, length, &fields[PADDING], NULL);
}

int dhcp_options_dissect(struct dissection *dissection, struct bytes *bytes)
{
	int error = 0;

	while (!error && bytes->length) {
		struct bytes place = *bytes;
		uint64_t code;

		if (bytes->data[0] == CODE_PADDING) {
			dissect_padding(dissection, bytes);
			continue;
		}
		if (dissection_add_number(dissection, bytes, &fields[OPTION], &code))
			return -ENODATA;
		dissection->depth++;
		place.length = 1;
		if (code == CODE_END)
			dissection_add_value(dissection, place, &fields[END], code);
		else
			error = dissect_option(dissection, code, bytes);
		dissection->depth--;
		if (code == CODE_END) {
			dissect_padding(dissection, bytes);
			break;
		}
	}
	return error;
}

uint64_t dhcp_options_kind(const struct dissection *dissection, const struct layer *layer)
{
	unsigned int end = layer == &dissection->layers[dissection->layer_count - 1] ?
				   dissection->field_count :
				   layer->first_field + layer->field_count;

	for (unsigned int i = layer->first_field; i < end; i++)
		if (dissection->fields[i].info == &fields[KIND])
			return dissection->fields[i].number;
	return 0;
}

const struct field_table dhcp_options_table = FIELD_TABLE(fields);
